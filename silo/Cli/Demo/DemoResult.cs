using System.Text.Json.Serialization;

namespace TrustMesh.Cli.Demo;

/// <summary>The line of <c>--check</c>.</summary>
/// <param name="Trusted">Devices that look trusted; those with a software root never do.</param>
/// <param name="Evidence">Evidence the silo accepted in this run; of several, what each says it accepted since its start.</param>
/// <param name="Edges">Directed: one device's word on another that is fresh and affirming, or a warning.</param>
/// <param name="Seconds">From the start until every device was trusted.</param>
/// <param name="Silos">How many; null, as what follows, where there is one.</param>
/// <param name="Killed">The silo that was killed.</param>
/// <param name="Answered">Seconds from then until every device was answered by another one.</param>
internal sealed record DemoResult(
    int Devices, int Trusted, long Evidence, int Edges, double Seconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Silos = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Killed = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Answered = null);
