using System.Globalization;
using TrustMesh.Contracts;

namespace TrustMesh.Dashboard.Model;

/// <summary>How far trust reaches, in words: what is counted is said beside every share.</summary>
public static class CoverageText
{
    /// <summary>Never more than there is: 99.96 is 99.9, as all is only said when it is all.</summary>
    public static string Share(double? percent) => percent is { } share ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 10) / 10:0.#} %") : "—";

    public static string Share(MeshCoverage coverage) => coverage is { Active: > 0, Examiners: > 0 } ? Share(100.0 * coverage.Covered / coverage.Active) : "—";

    public static string Words(MeshCoverage coverage) => coverage switch
    {
        { Active: 0 } => "No active device that others could vouch for.",
        { Examiners: 0 } => "A device that is alone has nobody to vouch for it.",
        _ => string.Create(CultureInfo.InvariantCulture, $"{coverage.Covered:N0} of {coverage.Active:N0} {(coverage.Covered == 1 ? "is" : "are")} vouched for now by {Number(coverage)}{Quorum(coverage)}."),
    };

    private static string Number(MeshCoverage coverage) => coverage.Examiners == 1 ? "the other one" : $"{coverage.Examiners} or more other devices";

    /// <summary>Where the number comes from.</summary>
    private static string Quorum(MeshCoverage coverage) => coverage switch
    {
        { Quorum: 0 } => "",
        _ when coverage.Quorum == coverage.Examiners => ", the policy's quorum",
        _ => $"; for the quorum of {coverage.Quorum} this mesh is too small",
    };
}
