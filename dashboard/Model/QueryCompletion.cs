using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;

namespace TrustMesh.Dashboard.Model;

/// <summary>What can stand where the caret is: fields, and values that devices really have, with how many the query would find then.</summary>
public static class QueryCompletion
{
    private const int Most = 10;
    private static readonly string[] s_spans = ["1m", "10m", "1h", "1d", "7d"];

    public static CompletionList Of(string text, int caret, IEnumerable<GraphNode> devices, DateTimeOffset now)
    {
        if (text.Length > FleetQuery.MostCharacters)
            return CompletionList.Empty;
        caret = Math.Clamp(caret, 0, text.Length);
        var (start, end) = Token(text, caret);
        var token = text[start..caret];
        var signed = token.StartsWith('-') ? 1 : 0;
        var rest = FleetQuery.TryParse(text[..start] + text[end..], out var others, out _) ? others : FleetQuery.Everything;
        var left = devices.Select(DeviceFacts.Of).Where(device => rest.Matches(device, now));
        var sign = token.AsSpan(signed).IndexOfAny(":=!<>");
        if (sign < 0)
            return new CompletionList(start + signed, end, [.. Fields(token[signed..]), .. Values(token[signed..], left)]);
        if (QueryFields.Find(token.AsSpan(signed, sign)) is not { } field)
            return CompletionList.Empty;
        var from = start + signed + sign + 1;
        while (from < caret && text[from] is '=')
            from++;
        var operation = text[(start + signed + sign)..from];
        var comma = text.AsSpan(from, caret - from).LastIndexOf(',');
        if (comma >= 0)
            from += comma + 1;
        return new CompletionList(from, Math.Max(caret, end), Values(field, operation, text[from..caret].Trim('"'), left, now));
    }

    /// <summary>The term around the caret; spaces between quotes are part of one.</summary>
    private static (int Start, int End) Token(string text, int caret)
    {
        var (start, quoted) = (0, false);
        for (var i = 0; i < caret; i++)
        {
            if (text[i] == '"')
                quoted = !quoted;
            else if (text[i] == ' ' && !quoted)
                start = i + 1;
        }
        var end = caret;
        while (end < text.Length && (quoted || text[end] != ' '))
            quoted ^= text[end++] == '"';
        return (start, end);
    }

    private static IEnumerable<Completion> Fields(string begun) => QueryFields.All
        .Where(field => begun.Length == 0 || field.Name.StartsWith(begun, StringComparison.OrdinalIgnoreCase) || field.Aliases.Any(alias => alias.StartsWith(begun, StringComparison.OrdinalIgnoreCase)))
        .Take(begun.Length == 0 ? QueryFields.All.Count : Most / 2)
        .Select(field => new Completion(field.Name + (field.Kind is QueryKind.Age ? ">" : field.Kind is QueryKind.Left ? "<" : ":"), field.Meaning, null, false));

    /// <summary>For a word without a field: what begins so, whatever it is.</summary>
    private static IEnumerable<Completion> Values(string begun, IEnumerable<DeviceFacts> devices)
    {
        if (begun.Length < 2)
            return [];
        var found = new Dictionary<(QueryField Field, string Value), int>();
        QueryField[] fields = [.. QueryFields.All.Where(field => field.Kind is QueryKind.Text or QueryKind.Texts or QueryKind.Word)];
        foreach (var device in devices)
            foreach (var field in fields)
                foreach (var value in field.ValuesOf(device))
                    if (value.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
                        found[(field, value)] = found.GetValueOrDefault((field, value)) + 1;
        return found.OrderByDescending(one => one.Value).ThenBy(one => one.Key.Value, StringComparer.Ordinal).Take(Most / 2)
            .Select(one => new Completion($"{one.Key.Field.Name}:{QueryEdit.Quoted(one.Key.Value)}", "", one.Value, true));
    }

    private static List<Completion> Values(QueryField field, string operation, string begun, IEnumerable<DeviceFacts> devices, DateTimeOffset now)
    {
        var exact = operation is ":" or "=" or "!=";
        if (field.Kind is QueryKind.Age or QueryKind.Left)
        {
            string[] words = exact ? [QueryFields.None] : s_spans;
            var all = devices.ToList();
            return [.. words.Where(word => word.StartsWith(begun, StringComparison.OrdinalIgnoreCase)).Select(word => new Completion(word, "", Count($"{field.Name}{operation}{word}", all, now), true))];
        }
        var counts = field.Words.ToDictionary(word => word, _ => 0, StringComparer.OrdinalIgnoreCase);
        var none = 0;
        foreach (var device in devices)
        {
            var any = false;
            foreach (var value in field.ValuesOf(device))
            {
                any = true;
                var word = field.Kind == QueryKind.Version ? value[(value.LastIndexOf(' ') + 1)..] : value;
                counts[word] = counts.GetValueOrDefault(word) + 1;
            }
            none += any ? 0 : 1;
        }
        if (field.IsOptional && none > 0 && exact)
            counts[QueryFields.None] = none;
        var fits = counts.Where(one => one.Key.StartsWith(begun, StringComparison.OrdinalIgnoreCase) || begun.Length > 1 && one.Key.Contains(begun, StringComparison.OrdinalIgnoreCase));
        // Few words come in the order of a legend, of which a dictionary that only grew keeps track; of many the common ones come first.
        // Whatever begins with what was written comes before what only has it somewhere.
        var order = (field.Words.Count > 0 ? fits : fits.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal))
            .OrderBy(one => !one.Key.StartsWith(begun, StringComparison.OrdinalIgnoreCase));
        return [.. order.Take(Most).Select(one => new Completion(
            one.Key == QueryFields.None && field.IsOptional ? one.Key : QueryEdit.Quoted(one.Key), "", one.Value, true))];
    }

    private static int Count(string term, IReadOnlyList<DeviceFacts> devices, DateTimeOffset now) =>
        FleetQuery.TryParse(term, out var query, out _) ? devices.Count(device => query.Matches(device, now)) : 0;
}
