namespace TrustMesh.Orleans.Following;

/// <summary>What silos said of themselves last.</summary>
/// <param name="Now">The time where they were heard, by whose clock the reports are dated.</param>
public sealed record SiloReports(DateTimeOffset Now, SiloReport[] Reports)
{
    /// <summary>The same, dated by another clock that shows <paramref name="now"/>.</summary>
    public SiloReport[] DatedBy(DateTimeOffset now) => [.. Reports.Select(report => report with { At = report.At + (now - Now) })];
}
