namespace TrustMesh.Cli.Demo;

/// <summary>What <c>demo fleet</c> was asked for; the numbers are those of trustmesh-fleet.</summary>
/// <param name="Port">Where to begin to look for a free port for the dashboard.</param>
internal sealed record FleetDemoOptions(int Devices, int Sites, int Rate, int Seed, int Port);
