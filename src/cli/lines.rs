//! `copydesk classify --from lines`: each line a text of its own.

use std::io::BufRead;

use copydesk::Error;
use copydesk::article::Kind;
use copydesk::classify::Session;
use copydesk::report::labels;
use copydesk::report::page::{BlockRow, verdict};
use copydesk::rows::{Line, LineBlock, LineBlocks};
use copydesk::visible;

use super::args::PageFormat;
use super::classify::Answers;
use super::messages::Failure;
use super::output::{Worded, Wording};
use super::pipeline;

/// Classifies the lines of a stream block by block.
pub(crate) fn classify(
    mut blocks: LineBlocks<impl BufRead + Send>,
    sessions: &mut [Session<'_>],
    wording: &Wording,
    answers: &mut Answers<'_, '_>,
) -> Result<(), Failure> {
    let doc = answers.name;
    if wording.format == PageFormat::Table {
        let heading = format!("{}\n", visible::line(doc));
        answers.report.put(heading.as_bytes())?;
    }
    let read = || blocks.read().transpose();
    let workers = sessions.iter_mut().map(|session| {
        move |block: Result<LineBlock, Error>| match block {
            Ok(block) => word(&block, doc, session, wording),
            // What cannot be read further ends here; what was read is answered.
            Err(error) => Worded {
                failed: vec![error],
                ..Worded::default()
            },
        }
    });
    let write = |worded: Worded| {
        answers.report.put_lines(&worded.bytes)?;
        answers.settle(worded)
    };
    pipeline::run(workers.collect(), read, write)
}

/// Labels the lines of a block. As labels alone, each line has a line of output, empty where it is blank
/// or bad; in the other forms only a line with a label has, which gives its number.
fn word(block: &LineBlock, doc: &str, session: &mut Session<'_>, wording: &Wording) -> Worded {
    let mut worded = Worded {
        count: block.len(),
        place: Some(block.end()),
        ..Worded::default()
    };
    let alone = wording.format == PageFormat::Labels;
    let out = &mut worded.bytes;
    for Line {
        number,
        start,
        text,
    } in block.lines()
    {
        match text {
            Ok(text) if !text.trim().is_empty() => {
                let scores = session.score(text);
                if alone {
                    labels::line(&scores, out);
                    continue;
                }
                let (label, confidence, probabilities) = verdict(Some(&scores));
                let row = BlockRow {
                    doc,
                    block: number as usize - 1,
                    line: number as usize,
                    start: start as usize,
                    end: start as usize + text.len(),
                    kind: Kind::Paragraph,
                    reason: None,
                    label,
                    confidence,
                    probabilities,
                    language: None,
                    text,
                };
                wording.block(&row, out);
            }
            other => {
                if alone {
                    out.push(b'\n');
                }
                worded.failed.extend(other.err());
            }
        }
    }
    worded
}
