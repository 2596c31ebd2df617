using System.Text;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Twins;

/// <summary>
/// The line of a timeline that tells a verdict, and what such lines tell of since when a claim is faulted. A line names the first finding that did not pass and,
/// behind it, what is new since the verdict before: <c>; as before</c> where that finding is not, <c>; also b, c</c> for others that are. So the present run of a
/// fault begins at the last line that calls it new, and nothing is stored beside the timeline: a silo of the version before reads the same bytes.
/// </summary>
public static class VerdictLine
{
    private const string AsBefore = "; as before", Also = "; also ", All = "all ", Others = " others", And = " and ", More = " more";

    /// <summary>Bytes that the names of further claims may take of a line.</summary>
    private const int Room = 100;

    private enum Word { Silent, New, Still, Unsaid, Clean }

    /// <summary>Worth a line even where the status is the same: another reason, or a claim that was not faulted before.</summary>
    public static bool IsNews(Verdict before, Verdict verdict)
    {
        if (Reason(before) != Reason(verdict)) return true;
        foreach (var finding in verdict.Because)
            if (finding.Outcome != Outcome.Pass && !IsFaulted(before, finding.Claim)) return true;
        return false;
    }

    /// <param name="before">Of the same enrolment; null if this verdict is the first.</param>
    public static string Text(Verdict? before, Verdict verdict)
    {
        var text = $"{TwinTransition.Text(verdict.Status)}{Plain(Reason(verdict))}";
        if (First(verdict) is not { } first) return Grammar.Fit(text);
        var others = verdict.Because.Where(finding => finding.Outcome != Outcome.Pass).Select(finding => finding.Claim).Distinct(StringComparer.Ordinal)
            .Where(claim => claim != first.Claim && !IsFaulted(before, claim)).ToList();
        var news = (IsFaulted(before, first.Claim) ? AsBefore : "") + Names(others, all: before is null || First(before) is null);
        return Grammar.Fit(Cut(text, Caps.Text - Encoding.UTF8.GetByteCount(news)) + news);
    }

    /// <summary>
    /// Since when a claim that is faulted now has not passed, by the lines of a timeline; null where they do not go back so far, or do not say: one of an older
    /// version, or one that had no room for all names.
    /// </summary>
    /// <param name="timeline">Oldest first.</param>
    public static Func<string, DateTimeOffset?> Since(IEnumerable<TwinEvent> timeline)
    {
        var lines = timeline.Where(line => line.Kind is EventKind.Verdict or EventKind.Enrolled).Reverse().Select(line => (line.At, line.Kind, Told: Parse(line.Text))).ToList();
        return claim =>
        {
            DateTimeOffset? began = null;
            foreach (var (at, kind, told) in lines)
            {
                // With another enrolment everything began anew.
                if (kind == EventKind.Enrolled) break;
                var (first, word) = told.Of(claim);
                if (word == Word.New && !first) return began ?? at;
                // Before lines told what is new, one followed another whenever the device had been silent: they are one run.
                if (word == Word.New) began = at;
                else if (word is Word.Unsaid or Word.Clean || (began is not null && word != Word.Still)) break;
            }
            return began;
        };
    }

    private static string Reason(Verdict verdict) => First(verdict) is { } finding ? $": {finding.Claim}: expected {finding.Expected}, got {finding.Got}" : "";

    private static Finding? First(Verdict verdict)
    {
        foreach (var finding in verdict.Because)
            if (finding.Outcome != Outcome.Pass) return finding;
        return null;
    }

    private static bool IsFaulted(Verdict? verdict, string claim)
    {
        foreach (var finding in verdict?.Because ?? [])
            if (finding.Outcome != Outcome.Pass && finding.Claim == claim) return true;
        return false;
    }

    /// <summary>What a device measured and said is in the reason; it does not get to write the words behind it (attack A44).</summary>
    private static string Plain(string text) => text.Replace(';', ',');

    private static string Names(List<string> claims, bool all)
    {
        if (claims.Count == 0) return "";
        var (named, bytes) = (new List<string>(), 0);
        foreach (var claim in claims.Where(IsName))
        {
            bytes += Encoding.UTF8.GetByteCount(claim) + 2;
            if (bytes > Room) break;
            named.Add(claim);
        }
        var names = string.Join(", ", named);
        if (named.Count == claims.Count) return $"{Also}{names}";
        return all ? $"{Also}{All}{claims.Count}{Others}" : $"{Also}{names}{(named.Count == 0 ? "" : And)}{claims.Count - named.Count}{More}";
    }

    /// <summary>Can stand in a list without being taken for more than one, or for the list's own words.</summary>
    private static bool IsName(string claim)
        => claim.AsSpan().IndexOfAny(',', ';') < 0 && !claim.Contains(And, StringComparison.Ordinal) && !claim.StartsWith(All, StringComparison.Ordinal) && !claim.EndsWith(More, StringComparison.Ordinal);

    private static string Cut(string text, int most)
    {
        if (Encoding.UTF8.GetByteCount(text) <= most) return text;
        var (cut, bytes) = (new StringBuilder(text.Length), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > most - 3) break;
            cut.Append(rune.ToString());
        }
        return cut.Append('…').ToString();
    }

    private static Line Parse(string text)
    {
        var end = text.IndexOf(';', StringComparison.Ordinal);
        var (reason, news) = end < 0 ? (text, "") : (text[..end], text[end..]);
        var colon = reason.IndexOf(": ", StringComparison.Ordinal);
        var also = news.IndexOf(Also, StringComparison.Ordinal);
        var names = also < 0 ? "" : news[(also + Also.Length)..];
        var (all, more) = (names.StartsWith(All, StringComparison.Ordinal) && names.EndsWith(Others, StringComparison.Ordinal), names.EndsWith(More, StringComparison.Ordinal));
        if (more) names = names[..Math.Max(0, names.LastIndexOf(And, StringComparison.Ordinal))];
        return new(colon < 0 ? "" : reason[(colon + 2)..], news.StartsWith(AsBefore, StringComparison.Ordinal), all || names.Length == 0 ? [] : names.Split(", "), all, more);
    }

    private sealed record Line(string Reason, bool Before, string[] Names, bool All, bool More)
    {
        /// <summary>What the line says of a claim, and whether it is the one it gives the reason of.</summary>
        public (bool First, Word Word) Of(string claim)
            => Reason.Length == 0 ? (false, Word.Clean)
                : Reason.StartsWith($"{Plain(claim)}: expected ", StringComparison.Ordinal) ? (true, Before ? Word.Still : Word.New)
                : All || Names.Contains(claim) ? (false, Word.New) : (false, More ? Word.Unsaid : Word.Silent);
    }
}
