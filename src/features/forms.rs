//! What is known of each surface form: a table from words as written to their terms, so that the
//! stemmer meets each form once.

use std::collections::HashMap;

use super::lexicon::WordClasses;
use super::paragraph::TermId;
use crate::text::Head;

/// What a surface form stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) term: TermId,
    pub(super) shape: TermId,
    pub(super) classes: WordClasses,
}

/// A word of up to 15 bytes as two numbers: most words are, and numbers compare without a loop. Its
/// last byte is the length, so that none is [`NO_WORD`] or [`LONG_WORD`].
pub(super) type Key = [u64; 2];

/// Stands for a token that needs no form.
pub(super) const NO_WORD: Key = [0; 2];
/// Stands for a word that is too long for a key.
pub(super) const LONG_WORD: Key = [u64::MAX; 2];

/// The key of a word of this many bytes that begins with `head`.
#[inline]
pub(super) fn key(head: Head, length: usize) -> Key {
    const MASKS: [Key; 16] = {
        let mut masks = [NO_WORD; 16];
        let mut length = 0;
        while length < 16 {
            let bytes = (1u128 << (8 * length)) - 1;
            masks[length] = [bytes as u64, (bytes >> 64) as u64];
            length += 1;
        }
        masks
    };
    match MASKS.get(length) {
        // The length in the last byte keeps a NUL in the word from looking like padding.
        Some([low, high]) => [head[0] & low, head[1] & high | (length as u64) << 56],
        None => LONG_WORD,
    }
}

/// Surface forms met so far are kept up to this number of each kind; beyond it they are looked up
/// again each time.
const MOST: usize = 1 << 16;
/// Longer words are noise (base64, tables without spaces): they are not kept.
const LONGEST: usize = 48;
/// Slots to begin with.
const FIRST_SLOTS: usize = 1 << 11;

/// An entry fills half of a cache line and never lies across two.
#[derive(Clone, Copy)]
#[repr(align(32))]
struct Entry {
    key: Key,
    form: Form,
}

const EMPTY: Entry = Entry {
    key: NO_WORD,
    form: Form {
        term: 0,
        shape: 0,
        classes: WordClasses::NONE,
    },
};

/// The forms met so far.
pub(super) struct Forms {
    /// Open addressing with linear probing, at most half full.
    slots: Vec<Entry>,
    kept: usize,
    long: HashMap<Box<str>, Form, foldhash::fast::FixedState>,
}

impl Forms {
    pub(super) fn new() -> Forms {
        Forms {
            slots: vec![EMPTY; FIRST_SLOTS],
            kept: 0,
            long: HashMap::default(),
        }
    }

    /// The form of a key, if it stands at the first place where it is looked for, which most do.
    #[inline]
    pub(super) fn first_look(&self, key: Key) -> Option<Form> {
        let entry = &self.slots[slot(key, self.slots.len())];
        (entry.key == key).then_some(entry.form)
    }

    /// The form of a word, with its key, from the table or made.
    pub(super) fn get(&mut self, key: Key, word: &str, make: impl FnOnce() -> Form) -> Form {
        if key == LONG_WORD {
            if let Some(form) = self.long.get(word) {
                return *form;
            }
            let form = make();
            if self.long.len() < MOST && word.len() <= LONGEST {
                self.long.insert(word.into(), form);
            }
            return form;
        }
        let at = self.find(key);
        if self.slots[at].key == key {
            return self.slots[at].form;
        }
        let form = make();
        if self.kept < MOST {
            self.slots[at] = Entry { key, form };
            self.kept += 1;
            if self.kept * 2 > self.slots.len() {
                self.grow();
            }
        }
        form
    }

    /// Where a key stands, or belongs.
    fn find(&self, key: Key) -> usize {
        let mut at = slot(key, self.slots.len());
        while self.slots[at].key != key && self.slots[at].key != NO_WORD {
            at = (at + 1) & (self.slots.len() - 1);
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![EMPTY; self.slots.len() * 2];
        let smaller = std::mem::replace(&mut self.slots, larger);
        for entry in smaller.into_iter().filter(|entry| entry.key != NO_WORD) {
            let at = self.find(entry.key);
            self.slots[at] = entry;
        }
    }
}

/// Where a key is looked for first among a power of two of slots.
#[inline]
fn slot([low, high]: Key, slots: usize) -> usize {
    // Multiplication by an odd number of mixed bits; the topmost bits depend on all others.
    let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(text: &str) -> Head {
        let mut bytes = [0; 16];
        let count = text.len().min(16);
        bytes[..count].copy_from_slice(&text.as_bytes()[..count]);
        let bytes = u128::from_le_bytes(bytes);
        [bytes as u64, (bytes >> 64) as u64]
    }

    proptest! {
        /// Keys are as different as the words, whatever follows them in the text.
        #[test]
        fn words_differ_as_their_keys_do(one in "[a-c\0]{1,15}", other in "[a-c\0]{1,15}", rest in "[a-c ]{0,20}") {
            let of = |word: &str, rest: &str| key(head(&format!("{word}{rest}")), word.len());
            prop_assert_eq!(of(&one, &rest) == of(&other, &rest), one == other);
            prop_assert_eq!(of(&one, &rest), of(&one, ""));
        }

        /// Each form is made once, and found ever after.
        #[test]
        fn forms_are_kept(words in prop::collection::vec("[a-z]{1,20}", 1..3000)) {
            let mut forms = Forms::new();
            let mut made = HashMap::new();
            for word in &words {
                let key = key(head(word), word.len());
                let mut new = None;
                let form = forms.get(key, word, || {
                    let form = Form { term: made.len() as u32, ..Form::default() };
                    new = Some(form);
                    form
                });
                prop_assert_eq!(new.is_some(), !made.contains_key(word));
                prop_assert_eq!(form, *made.entry(word.clone()).or_insert(form));
                if key != LONG_WORD {
                    prop_assert!(forms.first_look(key).is_none_or(|seen| seen == form));
                }
            }
        }
    }
}
