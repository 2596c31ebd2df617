namespace TrustMesh.Cli.Demo;

/// <summary>The line of <c>--check</c>.</summary>
/// <param name="Trusted">Devices that look trusted; those with a software root never do.</param>
/// <param name="Evidence">Evidence the silo accepted in this run.</param>
/// <param name="Edges">Directed: one device's word on another that is fresh and affirming, or a warning.</param>
/// <param name="Seconds">From the start until every device was trusted.</param>
internal sealed record DemoResult(int Devices, int Trusted, long Evidence, int Edges, double Seconds);
