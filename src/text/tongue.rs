//! Which language a text is in: the only file that names whatlang.

use std::borrow::Cow;

use whatlang::{Info, Lang};

/// Text enough to be sure; more would cost time and change nothing.
const SAMPLE_BYTES: usize = 2048;

/// The English name of the language of a text, in lower case, `None` when it cannot be told.
pub fn tongue(text: &str) -> Option<Cow<'static, str>> {
    let end = (0..=text.len().min(SAMPLE_BYTES))
        .rev()
        .find(|&at| text.is_char_boundary(at))?;
    let info = whatlang::detect(&text[..end]).filter(Info::is_reliable)?;
    Some(name(info.lang()))
}

/// The name that the stemmer's list has, where it has the language.
fn name(lang: Lang) -> Cow<'static, str> {
    match lang {
        Lang::Nob => Cow::Borrowed("norwegian"),
        lang => Cow::Owned(lang.eng_name().to_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn languages_by_name() {
        for (text, name) in [
            (
                "The council voted on Tuesday to close the bridge until spring, officials said.",
                "english",
            ),
            (
                "Der Stadtrat hat am Dienstag beschlossen, die Brücke bis zum Frühjahr zu sperren.",
                "german",
            ),
            (
                "Le conseil municipal a décidé mardi de fermer le pont jusqu’au printemps prochain.",
                "french",
            ),
            (
                "El ayuntamiento decidió el martes cerrar el puente hasta la próxima primavera.",
                "spanish",
            ),
        ] {
            assert_eq!(tongue(text).as_deref(), Some(name), "{text}");
        }
        assert_eq!(tongue("12 34 56"), None);
        assert_eq!(tongue(""), None);
    }

    #[test]
    fn the_stemmers_languages_have_their_names() {
        let names: Vec<_> = Lang::all().iter().map(|&lang| name(lang)).collect();
        for language in Language::ALL {
            assert!(
                names.contains(&Cow::Borrowed(language.name())),
                "{language}"
            );
        }
    }
}
