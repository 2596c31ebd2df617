using System.Globalization;

namespace TrustMesh.Contracts.Queries;

/// <summary>
/// Reads a query, strictly: what it does not understand is a problem with a position and a fix, never a guess. One pass, no recursion.
/// <code>query = *(space / term)   term = ["-"] (field operator values / values)   values = value *("," value)   value = word / '"' anything '"'</code>
/// </summary>
internal sealed class QueryParser(string text)
{
    private const string Operators = ":=!<>";
    private readonly List<QueryTerm> terms = [];
    private int at;
    private int valuesLeft = FleetQuery.MostValues;

    public IReadOnlyList<QueryTerm> Terms => terms;

    /// <summary>Fills <see cref="Terms"/>; null if all of it is a query.</summary>
    public QueryProblem? Read()
    {
        if (text.Length > FleetQuery.MostCharacters)
            return new(FleetQuery.MostCharacters + 1, 1, $"a query has at most {FleetQuery.MostCharacters} characters, this one has {text.Length}; ask for less at once");
        for (var i = 0; i < text.Length; i++)
            if (IsHidden(i)) return new(i + 1, 1, "this character cannot be seen; remove it");
        while (true)
        {
            while (at < text.Length && text[at] == ' ') at++;
            if (at == text.Length) return null;
            if (terms.Count == FleetQuery.MostTerms) return new(at + 1, text.Length - at, $"a query has at most {FleetQuery.MostTerms} terms; write several values of one field with commas, such as site:oslo,bergen");
            if (ReadTerm() is { } problem) return problem;
        }
    }

    private QueryProblem? ReadTerm()
    {
        var start = at;
        var negated = text[at] == '-';
        if (negated) at++;
        if (at == text.Length || text[at] == ' ') return new(start + 1, 1, "\"-\" stands directly before what is not wanted, such as -site:oslo");
        var name = at;
        while (at < text.Length && text[at] is not (' ' or ',' or '"') && !Operators.Contains(text[at])) at++;
        if (at == text.Length || !Operators.Contains(text[at]))
        {
            at = name;
            return ReadValues(null, QueryOperator.Is, out var words) ?? Add(new(null, QueryOperator.Is, negated, words, start, at - start));
        }
        if (at == name) return new(at + 1, 1, $"the name of a field is missing directly before \"{text[at]}\", such as site:oslo");
        var named = text[name..at];
        if (QueryFields.Find(named) is not { } field) return new(name + 1, at - name, $"unknown field \"{Short(named)}\": {Meant(named, QueryFields.All.SelectMany(one => one.Aliases.Prepend(one.Name)), QueryFields.All.Select(one => one.Name))}");
        return ReadOperator(field, out var operation) ?? ReadValues(field, operation, out var values) ?? Add(new(field, operation, negated, values, start, at - start));
    }

    private QueryProblem? Add(QueryTerm term)
    {
        terms.Add(term);
        return null;
    }

    private QueryProblem? ReadOperator(QueryField field, out QueryOperator operation)
    {
        var start = at;
        var equals = at + 1 < text.Length && text[at + 1] == '=';
        operation = text[at] switch
        {
            '<' => equals ? QueryOperator.AtMost : QueryOperator.Less,
            '>' => equals ? QueryOperator.AtLeast : QueryOperator.More,
            '!' => QueryOperator.IsNot,
            _ => QueryOperator.Is,
        };
        if (text[at] == '!' && !equals) return new(at + 1, 1, $"\"!\" is only known as \"!=\", such as {field.Name}!=…; or write -{field.Name}:…");
        at += equals && text[at] is '<' or '>' or '!' ? 2 : 1;
        return operation is QueryOperator.Is or QueryOperator.IsNot || field.IsOrdered ? null
            : new(start + 1, at - start, $"{field.Name} cannot be more or less; write {field.Example.TrimStart('-')} or {field.Name}!=…");
    }

    private QueryProblem? ReadValues(QueryField? field, QueryOperator operation, out IReadOnlyList<QueryValue> values)
    {
        var read = new List<QueryValue>();
        values = read;
        var first = at;
        while (true)
        {
            var start = at;
            if (ReadText(field, out var word, out var quoted) is { } broken) return broken;
            if (valuesLeft-- == 0) return new(start + 1, at - start, $"a query has at most {FleetQuery.MostValues} values");
            if (Value(field, operation, word, quoted, out var value) is { } wrong) return new(start + 1, Math.Max(1, at - start), wrong);
            read.Add(value!);
            if (at == text.Length || text[at] == ' ') break;
            if (text[at] != ',') return new(at + 1, 1, "a space or a comma is missing here");
            at++;
        }
        return read.Count > 1 && operation is not (QueryOperator.Is or QueryOperator.IsNot) ? new(first + 1, at - first, $"{field!.Name} is compared with one value, such as {field.Example}") : null;
    }

    private QueryProblem? ReadText(QueryField? field, out string word, out bool quoted)
    {
        var start = at;
        word = "";
        quoted = at < text.Length && text[at] == '"';
        if (quoted)
        {
            var end = text.IndexOf('"', at + 1);
            if (end < 0) return new(at + 1, text.Length - at, "the quote is not closed; put another \" at its end");
            word = text[(at + 1)..end];
            at = end + 1;
        }
        else
        {
            while (at < text.Length && text[at] is not (' ' or ',' or '"')) at++;
            word = text[start..at];
        }
        return word.Length > 0 ? null : new(start + 1, 1, field is null ? "a word is missing here" : $"{field.Name} needs a value, such as {field.Example.TrimStart('-')}");
    }

    /// <summary>What is wrong with it, or null.</summary>
    private static string? Value(QueryField? field, QueryOperator operation, string word, bool quoted, out QueryValue? value)
    {
        value = null;
        var none = field is { IsOptional: true } && !quoted && word.Equals(QueryFields.None, StringComparison.OrdinalIgnoreCase);
        var (openStart, openEnd) = quoted ? (false, false) : (word.StartsWith('*'), word.Length > 1 && word.EndsWith('*'));
        var bare = word[(openStart ? 1 : 0)..^(openEnd ? 1 : 0)];
        if (!quoted && bare.Contains('*')) return "\"*\" stands only at the start or the end of a value; put the value in quotes if it is part of it";
        var pattern = new QueryPattern(bare, openStart, openEnd || word == "*" && !quoted);
        value = new(word, pattern, none, null, null, null);
        if (none) return operation is QueryOperator.Is or QueryOperator.IsNot ? null : $"{field!.Name}:none is not more or less than anything";
        switch (field?.Kind)
        {
            case QueryKind.Word:
                return ResolveWord(field, word, ref value);
            case QueryKind.Age or QueryKind.Left when operation is QueryOperator.Is or QueryOperator.IsNot:
                return $"{field.Name} is hardly ever exactly {Short(word)}; write {field.Name}<{Short(word)} or {field.Name}>{Short(word)}, or {field.Name}:none";
            case QueryKind.Age or QueryKind.Left:
                value = value with { Span = ReadSpan(word) };
                return value.Span is null ? $"\"{Short(word)}\" is no time; write a number and s, m, h, d or w, such as {field.Example}" : null;
            case QueryKind.Number:
                value = value with { Number = long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null };
                return value.Number is null ? $"\"{Short(word)}\" is no whole number; write one, such as {field.Example}" : null;
            case QueryKind.Version when !pattern.IsOpen || operation is not (QueryOperator.Is or QueryOperator.IsNot):
                value = value with { Version = VersionText.TryParse(word) };
                return value.Version is null ? $"\"{Short(word)}\" is no version; write numbers with dots, such as {field.Example}" : null;
            default:
                return null;
        }
    }

    private static string? ResolveWord(QueryField field, string word, ref QueryValue value)
    {
        var pattern = value.Pattern;
        if (pattern.IsOpen) return field.Words.Any(one => pattern.Matches(one)) ? null : $"no {field.Name} is like \"{Short(word)}\"; it is one of {string.Join(", ", field.Words)}";
        var lower = word.ToLowerInvariant();
        var meant = field.Synonyms.GetValueOrDefault(lower, lower);
        value = value with { Pattern = new(meant, false, false) };
        return field.Words.Contains(meant) ? null : $"unknown {field.Name} \"{Short(word)}\": {Meant(word, field.Words.Concat(field.Synonyms.Keys), field.Words)}";
    }

    /// <summary>A whole number and a unit, up to ten years; null if it is something else.</summary>
    private static TimeSpan? ReadSpan(string word)
    {
        if (word.Length < 2 || !int.TryParse(word.AsSpan(0, word.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return null;
        long? seconds = char.ToLowerInvariant(word[^1]) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 604_800, _ => null };
        return seconds * count is { } total and <= 3660L * 86_400 ? TimeSpan.FromSeconds(total) : null;
    }

    private static string Meant(string word, IEnumerable<string> near, IEnumerable<string> all)
        => Nearest.Of(word, near) is { } meant ? $"did you mean \"{meant}\"?" : $"write one of {string.Join(", ", all)}";

    /// <summary>Controls, direction marks and lone surrogates: a sentence that repeats one would not say what it seems to (attack A44).</summary>
    private bool IsHidden(int i)
    {
        if (char.IsSurrogate(text[i])) return !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) && !(i > 0 && char.IsSurrogatePair(text[i - 1], text[i]));
        return char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }

    private static string Short(string word) => word.Length <= 24 ? word : string.Concat(word.AsSpan(0, char.IsHighSurrogate(word[22]) ? 22 : 23), "…");
}
