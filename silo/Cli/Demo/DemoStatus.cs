namespace TrustMesh.Cli.Demo;

/// <summary>A running demo, as <c>demo status</c> prints it.</summary>
/// <param name="Silo">running or stopped.</param>
/// <param name="SiloAddress">Of the operators' API; of several silos with commas between them.</param>
/// <param name="Stopped">Names of silos that do not run while others do.</param>
internal sealed record DemoStatus(string Silo, string SiloAddress, string Dashboard, string State, IReadOnlyList<DemoDeviceStatus> Devices, IReadOnlyList<string> Stopped);
