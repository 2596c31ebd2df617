namespace TrustMesh.Cli.Demo;

/// <summary>A running demo, as <c>demo status</c> prints it.</summary>
/// <param name="Silo">running or stopped.</param>
/// <param name="SiloAddress">Of the operators' API.</param>
internal sealed record DemoStatus(string Silo, string SiloAddress, string Dashboard, string State, IReadOnlyList<DemoDeviceStatus> Devices);
