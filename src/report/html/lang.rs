//! The language tags of HTML, by the English names that articles carry.

/// Names in lower case and their tags (BCP 47).
const TAGS: [(&str, &str); 40] = [
    ("arabic", "ar"),
    ("bulgarian", "bg"),
    ("catalan", "ca"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("indonesian", "id"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("latin", "la"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("mandarin", "zh"),
    ("norwegian", "nb"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("slovak", "sk"),
    ("slovenian", "sl"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("tamil", "ta"),
    ("thai", "th"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("vietnamese", "vi"),
];

/// The tag of a language; empty, which says that it is not known, for the others.
pub(super) fn tag(name: Option<&str>) -> &'static str {
    let found = TAGS.iter().find(|(known, _)| Some(*known) == name);
    found.map_or("", |(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn every_language_of_a_model_has_a_tag() {
        for language in Language::ALL {
            assert_eq!(tag(Some(language.name())).len(), 2, "{language}");
        }
        assert_eq!(tag(Some("klingon")), "");
        assert_eq!(tag(None), "");
    }
}
