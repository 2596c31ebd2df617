namespace TrustMesh.Contracts.Queries;

/// <summary>One condition of a query.</summary>
/// <param name="Field">Null for a bare word, which is looked for in name, site, model and at the start of the id.</param>
/// <param name="Values">At least one; one that fits is enough.</param>
/// <param name="Start">Of the term in the query's text; 0 is the first character.</param>
public sealed record QueryTerm(QueryField? Field, QueryOperator Operator, bool IsNegated, IReadOnlyList<QueryValue> Values, int Start, int Length)
{
    /// <summary>Time alone can change the answer.</summary>
    public bool DependsOnTime => Field?.Kind is QueryKind.Age or QueryKind.Left;

    public bool Matches(in DeviceFacts device, DateTimeOffset now)
    {
        var found = false;
        foreach (var value in Values)
        {
            found = Field is null ? FitsAnywhere(value.Pattern, device) : Fits(Field, value, device, now);
            if (found) break;
        }
        return found != (IsNegated != (Operator == QueryOperator.IsNot));
    }

    private static bool FitsAnywhere(QueryPattern pattern, in DeviceFacts device)
    {
        // A word is found wherever it stands; one with an asterisk only where the other end says.
        var part = pattern.IsOpen ? pattern : pattern with { OpenStart = true, OpenEnd = true };
        return part.Matches(device.Name) || part.Matches(device.Site) || part.Matches(device.Model) || IsId(pattern, device.Id);
    }

    /// <summary>Nobody knows an id by its middle: looking there would only cost.</summary>
    private static bool IsId(QueryPattern pattern, string id)
    {
        if (pattern.OpenStart) return pattern.Text.Length == 0;
        var start = pattern with { OpenEnd = true };
        return start.Matches(id) || id.Length == UeidLength && start.Matches(id.AsSpan(ShownAt));
    }

    private bool Fits(QueryField field, QueryValue value, in DeviceFacts device, DateTimeOffset now)
    {
        switch (field.Kind)
        {
            case QueryKind.Age:
                var then = field.Moment(device);
                return value.IsNone ? then is null : then is { } moment && Holds(Math.Max(0, (now - moment).Ticks).CompareTo(value.Span!.Value.Ticks));
            case QueryKind.Left:
                var until = field.Moment(device);
                return value.IsNone ? until is null : until is { } end && Holds(Math.Max(0, (end - now).Ticks).CompareTo(value.Span!.Value.Ticks));
            case QueryKind.Number:
                var number = field.Number(device);
                return value.IsNone ? number is null : number is { } it && Holds(it.CompareTo(value.Number!.Value));
            case QueryKind.Version:
                var version = field.Text(device);
                if (value.IsNone || version is null) return value.IsNone && version is null;
                if (value.Version is null) return value.Pattern.Matches(version) || value.Pattern.Matches(version.AsSpan(version.LastIndexOf(' ') + 1));
                return VersionText.TryParse(version) is { } read && Holds(read.CompareTo(value.Version));
            case QueryKind.Texts:
                return HasText(value, field.Texts(device));
            case QueryKind.Id:
                return IsId(value.Pattern, field.Text(device) ?? "");
            default:
                return value.Pattern.Matches(field.Text(device) ?? "");
        }
    }

    private static bool HasText(QueryValue value, IReadOnlyList<string>? texts)
    {
        if (value.IsNone) return texts is null or { Count: 0 };
        for (var i = 0; i < (texts?.Count ?? 0); i++)
            if (value.Pattern.Matches(texts![i])) return true;
        return false;
    }

    private bool Holds(int order) => Operator switch
    {
        QueryOperator.Less => order < 0,
        QueryOperator.AtMost => order <= 0,
        QueryOperator.More => order > 0,
        QueryOperator.AtLeast => order >= 0,
        // Both ask whether it is equal; which of the two it was is settled by whoever calls.
        _ => order == 0,
    };

    /// <summary>A UEID as text has 53 characters, of which the first two are the same for all and the next eight are shown.</summary>
    private const int UeidLength = 53, ShownAt = 2;
}
