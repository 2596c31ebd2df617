using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>A because list as people read it: what failed first, what could not be judged next, what passed last.</summary>
public static class BecauseOrder
{
    public static IReadOnlyList<Because> Of(IReadOnlyList<Because> list) => [.. list.OrderBy(line => Rank(line.Outcome))];

    public static string Label(string outcome) => outcome switch
    {
        "pass" => "Pass",
        "fail" => "Fail",
        "warn" => "Warning",
        "not-compared" => "Not compared",
        "no-policy" => "No policy",
        "no-answer" => "No answer",
        _ => outcome,
    };

    /// <summary>The look whose glyph and colour an outcome borrows.</summary>
    public static string Look(string outcome) => outcome switch
    {
        "pass" => Looks.Trusted,
        "fail" => Looks.Contraindicated,
        "warn" => Looks.Warning,
        "no-answer" => Looks.Stale,
        _ => Looks.Unproven,
    };

    // An outcome this version does not know ranks with the failures: it is certainly not a pass.
    private static int Rank(string outcome) => outcome switch
    {
        "warn" => 2,
        "not-compared" or "no-policy" or "no-answer" => 1,
        "pass" => 3,
        _ => 0,
    };
}
