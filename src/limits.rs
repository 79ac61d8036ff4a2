//! Every cap of the program in one place, each with its reason.

/// Caps on what one input may ask of the machine. Nothing is allocated from an untrusted number
/// before it has been held against one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one input page. A page is held in memory whole, because quotes and context reach
    /// across it; spans are `u32`-sized inside the tokenizer.
    pub page_bytes: usize,
    /// Bytes of one line of a JSON-lines or CSV file: one row is held in memory.
    pub line_bytes: usize,
    /// Bytes of text of one article that is given row by row. A longer run of rows is cut here, so
    /// that a million rows with one article id cannot fill the memory.
    pub article_bytes: usize,
    /// Bytes of a model file.
    pub model_bytes: usize,
    /// Bytes of the JSON header of a model file.
    pub model_header_bytes: usize,
    /// Bytes of the dense matrix that `--solver linfa` may build. Time is the tighter bound: near 2 GiB
    /// its solver had not ended after nine minutes.
    pub dense_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        const MIB: usize = 1 << 20;
        Limits {
            page_bytes: 1024 * MIB,
            line_bytes: 64 * MIB,
            article_bytes: 64 * MIB,
            model_bytes: 1024 * MIB,
            model_header_bytes: 4 * MIB,
            dense_bytes: 256 * MIB,
        }
    }
}
