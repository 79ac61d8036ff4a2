//! A matrix of sparse rows: what training reads.

use linfa::dataset::Records;

/// Rows of (column, value) pairs, one row a paragraph, in compressed form.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseMatrix {
    columns: usize,
    /// End of each row in `entries`.
    ends: Vec<usize>,
    entries: Vec<(u32, f32)>,
}

impl SparseMatrix {
    /// A matrix without rows.
    pub fn new(columns: usize) -> SparseMatrix {
        SparseMatrix {
            columns,
            ..SparseMatrix::default()
        }
    }

    /// Appends a row. Columns must be distinct.
    ///
    /// # Panics
    /// If a column is not below the matrix's number of columns.
    pub fn push(&mut self, row: &[(u32, f32)]) {
        assert!(
            row.iter()
                .all(|&(column, _)| (column as usize) < self.columns)
        );
        self.entries.extend_from_slice(row);
        self.ends.push(self.entries.len());
    }

    /// Appends all rows of another matrix.
    ///
    /// # Panics
    /// If it has another number of columns.
    pub fn append(&mut self, other: &SparseMatrix) {
        assert_eq!(self.columns, other.columns);
        let before = self.entries.len();
        self.entries.extend_from_slice(&other.entries);
        self.ends.extend(other.ends.iter().map(|end| before + end));
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.ends.len()
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of stored values.
    pub fn stored(&self) -> usize {
        self.entries.len()
    }

    /// One row.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn row(&self, row: usize) -> &[(u32, f32)] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.entries[start..self.ends[row]]
    }

    /// The same matrix with every zero written out; rows x columns.
    pub fn to_dense(&self) -> ndarray::Array2<f64> {
        let mut dense = ndarray::Array2::zeros((self.rows(), self.columns));
        for row in 0..self.rows() {
            for &(column, value) in self.row(row) {
                dense[[row, column as usize]] = f64::from(value);
            }
        }
        dense
    }
}

impl Records for SparseMatrix {
    type Elem = f64;

    fn nsamples(&self) -> usize {
        self.rows()
    }

    fn nfeatures(&self) -> usize {
        self.columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_and_the_dense_form_agrees() {
        let mut matrix = SparseMatrix::new(3);
        matrix.push(&[(2, 0.5), (0, 1.0)]);
        matrix.push(&[]);
        matrix.push(&[(1, 2.0)]);
        assert_eq!(
            (matrix.rows(), matrix.columns(), matrix.stored()),
            (3, 3, 3)
        );
        assert_eq!(matrix.row(0), [(2, 0.5), (0, 1.0)]);
        assert_eq!(matrix.row(1), []);
        let dense = ndarray::array![[1.0, 0.0, 0.5], [0.0, 0.0, 0.0], [0.0, 2.0, 0.0]];
        assert_eq!(matrix.to_dense(), dense);
    }
}
