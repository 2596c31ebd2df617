namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>Something done to silos.</summary>
/// <param name="Gap">Quiet before it, after the last one is over.</param>
/// <param name="Silos">Whom it happens to, in this order; 0-based.</param>
/// <param name="Apart">Between one silo and the next, when they go and when they come back.</param>
/// <param name="Down">From the last one's going to the first one's coming back.</param>
internal sealed record Incident(IncidentKind Kind, TimeSpan Gap, IReadOnlyList<int> Silos, TimeSpan Apart, TimeSpan Down)
{
    public override string ToString() => $"{Kind} of {string.Join(", ", Silos.Select(silo => $"silo-{silo + 1}"))} for {Down.TotalSeconds:0.0} s";
}
