//! Pieces of input that are read one after another, worked on by several threads, and written in the
//! order in which they were read.
//!
//! Each thread reads a piece, works on it, and hands over what it made. Whoever hands over the piece
//! whose turn it is writes it, and those that follow and are there; the others go on. So reading,
//! working and writing overlap, and no thread is spent on waiting.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::messages::Failure;

/// Pieces that may be under way for each thread, so that a slow one cannot fill the memory with those
/// after it.
const AHEAD: usize = 2;

/// What is waiting to be written.
struct Made<M> {
    /// By the number of the piece.
    waiting: BTreeMap<u64, M>,
    /// Number of the piece that is to be written next.
    next: u64,
    /// Pieces that were taken and are not written.
    under_way: usize,
    /// Whether a thread is writing.
    writing: bool,
    failure: Option<Failure>,
    /// Whether nothing more is to be read or written.
    stopped: bool,
}

/// Runs until there is nothing to read, or writing fails. There is a thread for each worker, the calling
/// one among them.
pub(crate) fn run<P, M, W>(
    mut workers: Vec<W>,
    mut read: impl FnMut() -> Option<P> + Send,
    mut write: impl FnMut(M) -> Result<(), Failure> + Send,
) -> Result<(), Failure>
where
    P: Send,
    M: Send,
    W: FnMut(P) -> M + Send,
{
    let most = workers.len() * AHEAD;
    let Some(mut own) = workers.pop() else {
        return Ok(());
    };
    if workers.is_empty() {
        while let Some(piece) = read() {
            write(own(piece))?;
        }
        return Ok(());
    }
    // A single piece needs no further threads.
    match read() {
        Some(piece) => write(own(piece))?,
        None => return Ok(()),
    }
    let line = Line {
        source: Mutex::new((0, read)),
        made: Mutex::new(Made {
            waiting: BTreeMap::new(),
            next: 0,
            under_way: 0,
            writing: false,
            failure: None,
            stopped: false,
        }),
        room: Condvar::new(),
        write: Mutex::new(write),
        most,
    };
    thread::scope(|scope| {
        for worker in workers {
            // Where there are no more threads to be had, those there are do the work.
            let line = &line;
            let started = thread::Builder::new().spawn_scoped(scope, move || line.work(worker));
            if started.is_err() {
                break;
            }
        }
        line.work(own);
    });
    let made = line
        .made
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    made.failure.map_or(Ok(()), Err)
}

struct Line<M, R, T> {
    /// The number of the next piece, and where it comes from.
    source: Mutex<(u64, R)>,
    made: Mutex<Made<M>>,
    /// Another piece may be taken.
    room: Condvar,
    write: Mutex<T>,
    most: usize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<M, R, T> Line<M, R, T> {
    /// What one thread does.
    fn work<P>(&self, mut worker: impl FnMut(P) -> M)
    where
        R: FnMut() -> Option<P>,
        T: FnMut(M) -> Result<(), Failure>,
    {
        while self.wait_for_room() {
            let taken = {
                let mut source = lock(&self.source);
                let piece = (source.1)();
                source.0 += 1;
                piece.map(|piece| (source.0 - 1, piece))
            };
            match taken {
                Some((number, piece)) => self.hand_over(number, worker(piece)),
                None => {
                    lock(&self.made).under_way -= 1;
                    self.room.notify_all();
                    return;
                }
            }
        }
    }

    /// Whether another piece is to be taken, when it may be.
    fn wait_for_room(&self) -> bool {
        let full = |made: &mut Made<M>| made.under_way >= self.most && !made.stopped;
        let mut made = self
            .room
            .wait_while(lock(&self.made), full)
            .unwrap_or_else(PoisonError::into_inner);
        made.under_way += 1;
        !made.stopped
    }

    /// Takes in what was made of a piece, and writes what may be written.
    fn hand_over(&self, number: u64, piece: M)
    where
        T: FnMut(M) -> Result<(), Failure>,
    {
        let mut made = lock(&self.made);
        made.waiting.insert(number, piece);
        if made.writing {
            return;
        }
        made.writing = true;
        while !made.stopped {
            let next = made.next;
            let Some(piece) = made.waiting.remove(&next) else {
                break;
            };
            drop(made);
            let written = (lock(&self.write))(piece);
            made = lock(&self.made);
            made.next += 1;
            made.under_way -= 1;
            if let Err(failure) = written {
                made.stopped = true;
                made.failure = Some(failure);
            }
            self.room.notify_all();
        }
        made.writing = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Numbers from 0, worked on by threads that take their time by turns.
    fn through(threads: usize, count: u64, fail_at: Option<u64>) -> (Vec<u64>, bool, usize) {
        let (read, written) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let most = AtomicUsize::new(0);
        let worker = |piece: u64| {
            if piece % 7 == 3 {
                thread::sleep(std::time::Duration::from_micros(200));
            }
            piece * 2
        };
        let mut numbers = 0..count;
        let mut out = Vec::new();
        let done = run(
            vec![worker; threads],
            || {
                let piece = numbers.next()?;
                let ahead =
                    read.fetch_add(1, Ordering::SeqCst) + 1 - written.load(Ordering::SeqCst);
                most.fetch_max(ahead, Ordering::SeqCst);
                Some(piece)
            },
            |made| {
                if Some(made) == fail_at {
                    return Err(Failure::BrokenPipe);
                }
                out.push(made);
                written.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        );
        (out, done.is_ok(), most.into_inner())
    }

    #[test]
    fn what_is_read_first_is_written_first_and_little_waits() {
        for threads in [1, 2, 5] {
            for count in [0, 1, 3, 500] {
                let (out, done, most) = through(threads, count, None);
                assert!(done);
                assert_eq!(out, (0..count).map(|n| n * 2).collect::<Vec<_>>());
                assert!(most <= threads * AHEAD, "{most} pieces under way");
            }
        }
    }

    #[test]
    fn a_failure_ends_all() {
        for threads in [1, 2, 5] {
            let (out, done, _) = through(threads, 500, Some(80));
            assert!(!done);
            assert_eq!(out, (0..40).map(|n| n * 2).collect::<Vec<_>>());
        }
    }
}
