//! The one escaper of the HTML reports. An [`Html`] takes markup from the program's own source only;
//! whatever comes from a page, a file name or a model goes through [`Html::text`].

use crate::visible;

/// HTML in the making.
#[derive(Clone, Debug, Default)]
pub struct Html(String);

impl Html {
    /// Adds markup that stands in the program: nothing read at run time has this lifetime.
    pub fn markup(&mut self, markup: &'static str) -> &mut Html {
        self.0.push_str(markup);
        self
    }

    /// Adds text, as content of an element or inside a quoted attribute. Characters that steer a
    /// screen are shown as others; line feeds stay.
    pub fn text(&mut self, text: &str) -> &mut Html {
        for c in visible::text(text).chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Adds a whole number.
    pub fn number(&mut self, number: usize) -> &mut Html {
        self.0.push_str(&number.to_string());
        self
    }

    /// Adds a number with so many decimals; one that is not finite is shown as 0.
    pub fn decimal(&mut self, number: f64, decimals: usize) -> &mut Html {
        let number = if number.is_finite() { number } else { 0.0 };
        self.0.push_str(&format!("{number:.decimals$}"));
        self
    }

    /// Adds a share in whole per cent.
    pub fn percent(&mut self, share: f64) -> &mut Html {
        self.decimal(share * 100.0, 0).markup("%")
    }

    /// What was made.
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn escaped(text: &str) -> String {
        let mut html = Html::default();
        html.text(text);
        html.into_string()
    }

    #[test]
    fn every_ascii_character() {
        for byte in 0..=0x7f_u8 {
            let c = char::from(byte);
            let got = escaped(&c.to_string());
            let want = match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#39;".to_owned(),
                '\n' | '\t' => c.to_string(),
                c if c.is_ascii_control() => visible::stand_in(c).unwrap().to_string(),
                c => c.to_string(),
            };
            assert_eq!(got, want, "byte {byte}");
        }
    }

    #[test]
    fn other_classes() {
        assert_eq!(escaped("é – “ü” 漢 🚲"), "é – “ü” 漢 🚲");
        assert_eq!(
            escaped("\u{202e}\u{2066}\u{85}"),
            "\u{fffd}\u{fffd}\u{fffd}"
        );
        assert_eq!(escaped("</style>]]><!--"), "&lt;/style&gt;]]&gt;&lt;!--");
        let mut html = Html::default();
        html.decimal(f64::NAN, 1).decimal(12.345, 1).percent(0.5);
        assert_eq!(html.into_string(), "0.012.350%");
    }

    /// What the five entities stand for, put back.
    fn unescaped(html: &str) -> String {
        html.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&#39;", "'")
            .replace("&amp;", "&")
    }

    proptest! {
        #[test]
        fn nothing_escapes(text in any::<String>()) {
            let html = escaped(&text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            for (at, _) in html.match_indices('&') {
                let entities = ["&amp;", "&lt;", "&gt;", "&quot;", "&#39;"];
                prop_assert!(entities.iter().any(|e| html[at..].starts_with(e)), "{html}");
            }
            prop_assert_eq!(unescaped(&html), visible::text(&text));
        }

        #[test]
        fn marks_of_html_do_not_escape(text in "[<>\"'&;#a-c/!\\-\\]=\\n]{0,40}") {
            let html = escaped(&text);
            prop_assert!(!html.contains(['<', '>', '"', '\'']));
            prop_assert_eq!(unescaped(&html), text);
        }
    }
}
