using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>What the last proof of a device that waits says of it, in two or three words, with the look whose glyph goes with them.</summary>
public static class WaitingText
{
    /// <param name="status">affirming, warning, contraindicated, none.</param>
    /// <param name="proven">It has proven itself at all.</param>
    public static (string Look, string Words) Of(string? status, bool proven) => (status, proven) switch
    {
        (_, false) => (Looks.Pending, "No proof yet"),
        ("affirming", _) => (Looks.Trusted, "Proof is good"),
        ("warning", _) => (Looks.Warning, "Proof with a warning"),
        ("contraindicated", _) => (Looks.Contraindicated, "Proof fails"),
        _ => (Looks.Unproven, "Nothing to compare"),
    };

    /// <summary>What an approval would make of it.</summary>
    public static string Would(WaitingProof proof) => proof.Status switch
    {
        "affirming" => "Would be trusted",
        "warning" => "Would be trusted with a warning",
        "contraindicated" => "Would be contraindicated",
        null => "Cannot be judged now",
        _ => "Would be unproven: nothing to compare it with",
    };

    /// <summary>Such as <c>12 files as known good, 1 different, 2 unknown</c>; what there is none of is left out but the good ones.</summary>
    public static string Files(WaitingProof proof) => Text("files as known good", proof.Good, proof.Different, proof.Unknown);

    /// <inheritdoc cref="Files"/>
    public static string Registers(WaitingProof proof) => Text("registers as known good",
        proof.Registers.Count(one => one.Outcome == "pass"), proof.Registers.Count(one => one.Outcome == "fail"), proof.Registers.Count(one => one.Outcome is not ("pass" or "fail")));

    private static string Text(string good, int passed, int different, int unknown)
    {
        var what = passed == 1 ? good.Replace("files", "file", StringComparison.Ordinal).Replace("registers", "register", StringComparison.Ordinal) : good;
        return $"{passed:N0} {what}{(different > 0 ? $", {different:N0} different" : "")}{(unknown > 0 ? $", {unknown:N0} unknown" : "")}";
    }
}
