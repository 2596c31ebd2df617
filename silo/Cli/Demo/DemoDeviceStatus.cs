namespace TrustMesh.Cli.Demo;

/// <summary>One device of a running demo.</summary>
/// <param name="Look">As last seen: a silo that is switched off shows nothing new.</param>
/// <param name="Root">tpm, software, hsm.</param>
/// <param name="Address">Where peers reach it.</param>
/// <param name="Namespace">Its network namespace; null where it shares the machine's.</param>
/// <param name="Config">For <c>trustmesh-agent --config</c>.</param>
internal sealed record DemoDeviceStatus(string Name, string Look, string Root, string Address, string? Namespace, string Config);
