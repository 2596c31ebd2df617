using System.Runtime.Versioning;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Demo;

/// <summary>What a person reads when the demo is up: where to look, and what to try.</summary>
[SupportedOSPlatform("linux")]
internal static class DemoWelcome
{
    private const string OneSiloKey = "s switches the silo off and on", SeveralSilosKeys = "k kills a silo, s starts what is off, or switches all silos off";

    public static async Task WriteAsync(DemoMesh mesh, DemoFolder folder, Surroundings surroundings, bool keyboard, CancellationToken ct)
    {
        var code = await mesh.Api.AddOperatorAsync(new OperatorRequest("demo", "admin"), ct);
        var victim = mesh.Devices[Math.Min(1, mesh.Devices.Count - 1)];
        var policy = await mesh.Api.PolicyAsync(ct);
        var suspends = policy.Quorum > 0 && Math.Min(policy.Peers, mesh.Devices.Count - 1) >= policy.Quorum;
        var neighbour = mesh.Devices[0];
        var lost = mesh.Devices[^1];
        var silos = mesh.Silos.AreSeveral ? "the silos are" : "the silo is";
        surroundings.Out.WriteLine($"""

            Dashboard:     {mesh.DashboardAddress}
            Sign-in code:  {code.Code}   (once, until {Shown.Time(code.ExpiresAt)})

            In another shell, trustmesh is signed in, and trustmesh-agent is beside it, with:
              export TRUSTMESH_SILO={mesh.Silos.Address}
              export TRUSTMESH_TOKEN_FILE='{folder.Token}'
              export PATH="$PATH:{AppContext.BaseDirectory.TrimEnd('/')}:{Path.GetDirectoryName(mesh.AgentProgram)}"
              trustmesh device list

            Change a measured file and watch {victim.Name} lose its trust:
              echo x >> '{victim.Sensitive}'
            {(suspends ? $"Put right, it stays suspended, by the word of {policy.Quorum} peers, until somebody decides:\n  trustmesh device resume {victim.Name}\n" : "")}
            Do that while {silos} off: its peers refuse it all the same, and {(mesh.Silos.AreSeveral ? "the silos hear of it when they are" : "the silo hears of it when it is")} back:
              trustmesh demo silo stop
              trustmesh-agent peer list --config '{neighbour.Config}'
              trustmesh demo silo start

            Revoke a device, and see how fast every other one knows:
              trustmesh device revoke {lost.Name} --reason lost
              trustmesh revocation propagation
            {(mesh.Silos.AreSeveral ? Kill(mesh) : "")}
            Logs:          {folder.At("logs")}
            {(keyboard ? $"Keys:          {(mesh.Silos.AreSeveral ? SeveralSilosKeys : OneSiloKey)}, q ends everything\n" : "")}Ctrl-C ends everything.

            """);
        surroundings.Out.Flush();
    }

    private static string Kill(DemoMesh mesh) => $"""

        Kill one of the {mesh.Silos.All.Count} silos, and see the others answer its devices within seconds, here or at {mesh.DashboardAddress}/silos:
          trustmesh demo silo kill
          trustmesh silo list
          trustmesh demo silo start

        """;
}
