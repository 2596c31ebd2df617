using System.Diagnostics.CodeAnalysis;

namespace TrustMesh.Contracts.Queries;

/// <summary>
/// Which devices somebody means, in the one language of the graph, the table, the shell and the API (API.md, Queries). All terms have to hold. What it costs is
/// bounded by the caps below: terms times values times the length of a name, whatever was written (attack A42).
/// </summary>
public sealed class FleetQuery
{
    /// <summary>Characters of a query, terms of it, and values of all terms together.</summary>
    public const int MostCharacters = 1024, MostTerms = 32, MostValues = 64;

    private FleetQuery(string text, IReadOnlyList<QueryTerm> terms)
    {
        (Text, Terms) = (text, terms);
        DependsOnTime = terms.Any(term => term.DependsOnTime);
    }

    /// <summary>Finds every device.</summary>
    public static FleetQuery Everything { get; } = new("", []);

    /// <summary>As it was written; the terms say where in it they are.</summary>
    public string Text { get; }

    public IReadOnlyList<QueryTerm> Terms { get; }

    /// <summary>It asks nothing.</summary>
    public bool IsEmpty => Terms.Count == 0;

    /// <summary>Time alone can change the answer: ask again now and then.</summary>
    public bool DependsOnTime { get; }

    /// <param name="problem">Where it goes wrong, and the fix.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out FleetQuery? query, [NotNullWhen(false)] out QueryProblem? problem)
    {
        var written = text ?? "";
        var parser = new QueryParser(written);
        problem = parser.Read();
        query = problem is null ? new(written, parser.Terms) : null;
        return problem is null;
    }

    public bool Matches(in DeviceFacts device, DateTimeOffset now)
    {
        foreach (var term in Terms)
            if (!term.Matches(device, now)) return false;
        return true;
    }

    public override string ToString() => Text;
}
