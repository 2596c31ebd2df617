using TrustMesh.Contracts.Queries;

namespace TrustMesh.Dashboard.Model;

/// <summary>Changes one term of a query's text and leaves the rest as the person wrote it.</summary>
public static class QueryEdit
{
    /// <summary>What the first plain term about a field asks for; empty without one. A negated term, or one with an asterisk, is for the person alone.</summary>
    public static IReadOnlySet<string> Chosen(FleetQuery query, string field) =>
        Term(query, field) is { } term ? term.Values.Select(value => value.Pattern.Text).ToHashSet(StringComparer.OrdinalIgnoreCase) : new HashSet<string>();

    /// <summary>The query's text with that value of the field asked for as well; or no longer, if it was.</summary>
    public static string Toggle(FleetQuery query, string field, string value)
    {
        if (Term(query, field) is not { } term)
            return Replace(query.Text, query.Text.Length, 0, $"{field}:{Quoted(value)}");
        var values = term.Values.Select(one => one.Pattern.Text).ToList();
        if (values.RemoveAll(one => one.Equals(value, StringComparison.OrdinalIgnoreCase)) == 0)
            values.Add(value);
        return Replace(query.Text, term.Start, term.Length, values.Count == 0 ? "" : $"{field}:{string.Join(',', values.Select(Quoted))}");
    }

    /// <summary>The query's text with this value of the field and no other; null for a text that does not ask.</summary>
    public static string Set(FleetQuery query, string field, string? value)
    {
        var words = value is null ? "" : $"{field}:{Quoted(value)}";
        return Term(query, field) is { } term ? Replace(query.Text, term.Start, term.Length, words) : Replace(query.Text, query.Text.Length, 0, words);
    }

    /// <summary>A value as it has to be written: in quotes where a sign in it would mean something.</summary>
    public static string Quoted(string value)
    {
        // A quote cannot be written inside quotes; what comes before it is still right.
        var plain = value.Contains('"', StringComparison.Ordinal) ? value[..value.IndexOf('"', StringComparison.Ordinal)] : value;
        return plain.Length == 0 || plain.AsSpan().ContainsAny(" ,*") || plain.Equals(QueryFields.None, StringComparison.OrdinalIgnoreCase) ? $"\"{plain}\"" : plain;
    }

    private static QueryTerm? Term(FleetQuery query, string field) =>
        query.Terms.FirstOrDefault(term => term.Field?.Name == field && !term.IsNegated && term.Operator == QueryOperator.Is && term.Values.All(value => !value.Pattern.IsOpen && !value.IsNone));

    private static string Replace(string text, int start, int length, string words)
    {
        var (before, after) = (text[..start].TrimEnd(), text[(start + length)..].TrimStart());
        return string.Join(' ', new[] { before, words, after }.Where(part => part.Length > 0));
    }
}
