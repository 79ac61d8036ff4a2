//! The rules that know furniture, as one table.

/// A rule that knows furniture.
pub struct Rule {
    /// Name in reports.
    pub id: &'static str,
    /// Why such a line is not of the article.
    pub reason: &'static str,
    /// Language of the words it knows (ISO 639-1), or `*` for all.
    pub language: &'static str,
    /// A line that it sets aside.
    pub example: &'static str,
    /// A line, alike, that no rule may set aside.
    pub counter_example: &'static str,
    pub(super) test: Test,
}

/// How a rule knows its lines. Phrases are in lower case.
pub(super) enum Test {
    /// The line is one of these phrases, give or take case, arrows and a final mark.
    Whole(&'static [&'static str]),
    /// The same, and the phrase is also cut off a paragraph that it is glued to.
    Button(&'static [&'static str]),
    /// The line begins with one of these phrases and then a colon, bar or dash.
    Link(&'static [&'static str]),
    /// The line passes this test; it gets the line and its lower-case form.
    Line(fn(&str, &str) -> bool),
}

/// How notes about the letter itself begin.
pub(super) const MAILING_NOTES: [&str; 13] = [
    "you are receiving this",
    "you're receiving this",
    "you received this",
    "this email was sent to",
    "this message was sent to",
    "to unsubscribe",
    "unsubscribe",
    "click here to unsubscribe",
    "if you no longer wish to receive",
    "view this email in your browser",
    "view in browser",
    "manage your preferences",
    "update your preferences",
];

/// All rules. Phrases stand several a line, so that a rule fits a screen.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    Rule {
        id: "story_continues",
        reason: "says that the article goes on after an advertisement",
        language: "en",
        example: "Story continues below this ad",
        counter_example: "The story continues below the surface, where divers found the hull.",
        test: Test::Button(&[
            "story continues below this ad", "story continues below ad",
            "story continues below advertisement", "story continues below",
            "story continues after advertisement", "story continues after ad",
            "article continues below advertisement", "article continues below this ad",
            "article continues below", "article continues after this ad",
            "article continues after advertisement", "continue reading below",
            "continue reading the main story", "continue reading",
            "continues after advertisement", "scroll to continue",
            "scroll down to continue reading",
        ]),
    },
    Rule {
        id: "advertisement",
        reason: "marks an advertisement",
        language: "en",
        example: "Advertisement",
        counter_example: "Advertisement spending fell by a tenth last year.",
        test: Test::Button(&[
            "advertisement", "advertisements", "advertisement - scroll to continue",
            "advertisement. scroll to continue reading", "sponsored content",
            "paid advertisement", "skip advertisement", "ad feedback",
        ]),
    },
    Rule {
        id: "sponsored",
        reason: "marks an advertisement",
        language: "en",
        example: "Sponsored",
        counter_example: "Sponsored by two members, the bill was read on Monday.",
        test: Test::Whole(&[
            "ad", "ads", "sponsored", "promoted", "promoted content",
        ]),
    },
    Rule {
        id: "related_link",
        reason: "leads to another article",
        language: "en",
        example: "Also Read: | Ministers meet again on the ferry timetable",
        counter_example: "Also read out at the meeting was a letter from the harbour master.",
        test: Test::Link(&[
            "also read", "read also", "also see", "see also", "also watch", "read more",
            "read next", "related", "related article", "related articles", "related story",
            "related stories", "related coverage", "related content", "related news",
            "more on this", "more from this section", "recommended", "recommended reading",
            "recommended for you", "you may also like", "you might also like", "don't miss",
            "must read", "in case you missed it", "watch now", "watch also", "further reading",
            "explained", "trending", "live updates",
        ]),
    },
    Rule {
        id: "related_list",
        reason: "heads a list of other articles",
        language: "en",
        example: "Related Stories",
        counter_example: "Related stories were told by three other villagers.",
        test: Test::Whole(&[
            "also read", "read more", "read also", "read next", "see also", "related",
            "related articles", "related stories", "related content", "related coverage",
            "related news", "related posts", "related topics", "more stories", "more from us",
            "more news", "most read", "most popular", "most viewed", "trending",
            "trending now", "top stories", "latest news", "recommended", "recommended for you",
            "recommended stories", "you may also like", "you might also like",
            "editor's picks", "editors' picks", "up next", "popular posts", "explore more",
            "learn more",
        ]),
    },
    Rule {
        id: "share_button",
        reason: "is a button that shares or saves the page",
        language: "en",
        example: "Share This Article",
        counter_example: "Share this article with your councillor before the vote on Monday.",
        test: Test::Button(&[
            "share this article", "share this story", "share this post", "share this page",
            "share this", "share on facebook", "share on twitter", "share on x",
            "share on linkedin", "share on whatsapp", "share via email", "share by email",
            "share with friends", "share article", "share full article", "tweet this",
            "email this article", "email this story", "email this", "print this article",
            "print this page", "print article", "save article", "save for later", "copy link",
            "follow us on facebook", "follow us on twitter", "follow us on instagram",
            "follow us", "listen to this article",
        ]),
    },
    Rule {
        id: "small_button",
        reason: "is a button of the page",
        language: "en",
        example: "Tweet",
        counter_example: "Tweet by tweet, the minister took back what he had said.",
        test: Test::Whole(&[
            "share", "tweet", "email", "e-mail", "print", "save", "copy", "facebook",
            "twitter", "whatsapp", "linkedin", "reddit", "pinterest", "telegram", "comment",
            "comments", "comments closed", "leave a comment", "leave a reply",
            "post a comment", "add a comment", "view comments", "show comments", "reply",
            "like", "follow", "download", "next", "previous", "back to top", "top", "home",
            "menu", "search", "close", "more", "listen", "watch", "play", "video player close",
            "watch the video above", "watch the ad above", "click to play", "skip to content",
            "skip to main content", "toggle navigation", "view gallery", "view all", "see all",
            "show more", "load more", "gallery", "optional", "end optional", "expand",
            "caption", "hide caption", "toggle caption", "enlarge this image", "file photo",
            "text size", "font size", "subscriber only", "premium", "live",
        ]),
    },
    Rule {
        id: "sign_up_button",
        reason: "is a button that asks to sign, give or subscribe",
        language: "en",
        example: "Sign Our Petition",
        counter_example: "Sign our petition at the library desk by Friday.",
        test: Test::Button(&[
            "sign our petition", "sign the petition", "sign this petition", "sign petition",
            "sign the letter", "sign the pledge", "sign up now", "sign up today",
            "sign up here", "sign up for our newsletter", "sign up for our newsletters",
            "sign up for the newsletter", "sign up for our free newsletter", "subscribe now",
            "subscribe today", "subscribe to our newsletter", "subscribe to our newsletters",
            "subscribe to the newsletter", "subscribe for free", "get our newsletter",
            "get the newsletter", "join our newsletter", "join our mailing list",
            "join us now", "join now", "join us today", "join our campaign",
            "join our whatsapp channel", "subscribe to the print edition",
            "subscribe to our print edition", "call now", "vote now", "donate now",
            "donate today", "donate here", "make a donation", "give now", "give today",
            "chip in now", "support us", "support our work", "support our journalism",
            "support independent journalism", "become a member", "become a supporter",
            "take action now", "take action today", "take action", "act now", "add your name",
            "contact your representative", "email your representative",
            "write to your representative", "learn more here", "find out more", "click here",
            "get started", "start your free trial", "register now", "volunteer now",
            "volunteer today",
        ]),
    },
    Rule {
        id: "short_sign_up_button",
        reason: "is a button that asks to sign, give or subscribe",
        language: "en",
        example: "Donate",
        counter_example: "Donate at the door.",
        test: Test::Whole(&[
            "donate", "subscribe", "sign up", "join", "join us", "register", "volunteer",
            "contribute", "rsvp", "newsletter", "newsletters", "get involved",
        ]),
    },
    Rule {
        id: "mailing_note",
        reason: "says why a letter was sent and how to stop it",
        language: "en",
        example: "You are receiving this message because you signed up at the fair.",
        counter_example: "You are receiving less for your milk than a year ago.",
        test: Test::Line(|_, lower| MAILING_NOTES.iter().any(|phrase| lower.starts_with(phrase))),
    },
    Rule {
        id: "account",
        reason: "is about the reader's account with the site",
        language: "en",
        example: "Log in to continue reading",
        counter_example: "Log in sheets from the mill show who was on shift.",
        test: Test::Whole(&[
            "log in", "login", "log out", "sign in", "sign in to continue", "create account",
            "create an account", "create a free account", "my account",
            "already a subscriber? log in", "already a subscriber? sign in",
            "log in to continue reading", "log in to comment", "log in to leave a comment",
            "you must be logged in to post a comment", "register for free to continue reading",
        ]),
    },
    Rule {
        id: "cookie_note",
        reason: "is about the site's cookies",
        language: "en",
        example: "We use cookies to improve your experience on this site.",
        counter_example: "We use cookies as prizes at the school fair.",
        test: Test::Line(|_, lower| {
            lower.contains("cookie")
                && [
                    "this site",
                    "this website",
                    "our site",
                    "our website",
                    "your experience",
                    "cookie policy",
                    "accept all",
                    "consent",
                ]
                .iter()
                .any(|sign| lower.contains(sign))
        }),
    },
    Rule {
        id: "copyright",
        reason: "states who owns the page",
        language: "en",
        example: "© 2024 Harbour Gazette. All rights reserved.",
        counter_example: "All rights reserved for the crown were listed in the charter of 1312.",
        test: Test::Line(|line, lower| {
            line.starts_with(['©', 'Ⓒ'])
                || lower.starts_with("copyright ©")
                || lower.starts_with("copyright (c)")
                || lower.starts_with("(c) 20")
                || lower.starts_with("copyright 20")
                || lower.starts_with("copyright 19")
                || lower.trim_end_matches('.') == "all rights reserved"
        }),
    },
    Rule {
        id: "comment_count",
        reason: "counts comments, shares or readers",
        language: "en",
        example: "12 Comments",
        counter_example: "12 comments were read out at the hearing.",
        test: Test::Line(|_, lower| {
            let mut words = lower.split_whitespace();
            let number = words.next().is_some_and(|word| {
                word.starts_with(|c: char| c.is_ascii_digit())
                    && word
                        .chars()
                        .all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | 'k' | 'm'))
            });
            let counted = words.next().is_some_and(|word| {
                matches!(
                    word,
                    "comment" | "comments" | "shares" | "views" | "likes" | "replies" | "retweets"
                )
            });
            number && counted && words.next().is_none()
        }),
    },
    Rule {
        id: "reading_time",
        reason: "says how long the page is",
        language: "en",
        example: "4 min read",
        counter_example: "4 minutes later the train left.",
        test: Test::Line(|_, lower| {
            lower.starts_with(|c: char| c.is_ascii_digit())
                && (lower.ends_with(" min read") || lower.ends_with(" minute read"))
                && lower.len() < 20
        }),
    },
    Rule {
        id: "salutation",
        reason: "greets the reader of a letter",
        language: "en",
        example: "Dear friend of the river,",
        counter_example: "Dear to the town, the old pier was closed on Friday.",
        test: Test::Line(|line, lower| {
            let greets = ["dear", "hi", "hey", "hello", "friend", "friends"]
                .iter()
                .any(|word| lower.split([' ', ',']).next() == Some(*word));
            greets && line.ends_with([',', ':']) && lower.split_whitespace().count() <= 8
        }),
    },
    Rule {
        id: "sign_off",
        reason: "ends a letter",
        language: "en",
        example: "Yours sincerely,",
        counter_example: "Sincerely held beliefs are no defence, the court said.",
        test: Test::Line(|line, lower| {
            line.ends_with(',')
                && lower.split_whitespace().count() <= 6
                && [
                    "sincerely",
                    "yours",
                    "best",
                    "best wishes",
                    "best regards",
                    "kind regards",
                    "regards",
                    "warmly",
                    "in solidarity",
                    "solidarity",
                    "in hope",
                    "with thanks",
                    "with gratitude",
                    "with love",
                    "with hope",
                    "cheers",
                    "thanks",
                    "thank you",
                    "many thanks",
                    "onward",
                    "onwards",
                    "for the",
                ]
                .iter()
                .any(|phrase| {
                    lower
                        .strip_prefix(phrase)
                        .is_some_and(|rest| rest.starts_with([' ', ',']))
                })
        }),
    },
    Rule {
        id: "named_link",
        reason: "is a name and its web address, or points to more of the same",
        language: "en",
        example: "Harbour Watch: https://example.org/harbour-watch",
        counter_example: "Write to the board through this form: it closes on Friday.",
        test: Test::Line(|line, lower| {
            let Some((name, address)) = line.rsplit_once(' ') else {
                return false;
            };
            let is_address = address.starts_with("http://")
                || address.starts_with("https://")
                || address.starts_with("www.");
            let name_only = name.ends_with(':')
                && name.split_whitespace().count() <= 6
                && name.split_whitespace().all(|word| {
                    !word.starts_with(char::is_lowercase) || matches!(word, "of" | "for" | "the" | "and" | "on" | "in")
                });
            let more = ["learn more at ", "read more at ", "see more at ", "find out more at ", "more information at "];
            is_address && (name_only || more.iter().any(|phrase| lower.starts_with(phrase)))
        }),
    },
    Rule {
        id: "bare_link",
        reason: "is a web address and nothing else",
        language: "*",
        example: "https://example.org/ferry-timetable",
        counter_example: "The timetable stands at https://example.org/ferry.",
        test: Test::Line(|line, lower| {
            (lower.starts_with("http://")
                || lower.starts_with("https://")
                || lower.starts_with("www."))
                && !line.contains(char::is_whitespace)
        }),
    },
    Rule {
        id: "separator",
        reason: "is a line of marks",
        language: "*",
        example: "* * *",
        counter_example: "*** NOTICE OF MEETING ***",
        test: Test::Line(|line, _| !line.contains(|c: char| c.is_alphanumeric())),
    },
];
