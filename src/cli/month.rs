//! The month of a date as people and feeds write it.

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Year and month of a date: `2024-05-03…`, `2024/5/3`, `20240503`, `May 3, 2024`, `3 May 2024`. `None`
/// where none of these is found; a date such as `03/05/2024` can be read in two ways and is not.
pub(crate) fn month(date: &str) -> Option<(u32, u32)> {
    let parts = date.split(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if let [first, rest @ ..] = parts.as_slice()
        && first.len() >= 4
        && let Some(year) = first.get(..4).and_then(year)
    {
        let joined = first.get(4..6).filter(|_| first.len() >= 6);
        let next = rest.first().copied().filter(|_| first.len() == 4);
        let month = joined.or(next).and_then(|month| month.parse().ok());
        if let Some(month) = month.filter(|month| (1..=12).contains(month)) {
            return Some((year, month));
        }
    }
    let named = parts.iter().find_map(|part| {
        let part = part.to_ascii_lowercase();
        let begins = |name: &&str| part.len() >= 3 && name.starts_with(&part);
        MONTHS.iter().position(begins)
    })?;
    let year = parts
        .iter()
        .filter(|part| part.len() == 4)
        .find_map(|part| year(part))?;
    Some((year, named as u32 + 1))
}

fn year(digits: &str) -> Option<u32> {
    digits
        .parse()
        .ok()
        .filter(|year| (1500..2200).contains(year))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_forms() {
        for date in [
            "2024-05-03",
            "2024-05-03T10:11:12+02:00",
            "2024/5/3",
            "2024-05",
            "20240503",
            "May 3, 2024",
            "3 May 2024",
            "Friday, May 3, 2024, 10:12 am",
        ] {
            assert_eq!(month(date), Some((2024, 5)), "{date}");
        }
        for date in [
            "",
            "03/05/2024",
            "yesterday",
            "2024",
            "maybe 2024-13-01",
            "9999-01-01",
        ] {
            assert_eq!(month(date), None, "{date}");
        }
    }
}
