using System.Runtime.Versioning;

namespace TrustMesh.Cli.Demo;

/// <summary>
/// What several silos are for, tried: one of them is killed as by a power cut, every device has to be answered by another and be trusted as before, and the
/// dead one comes back.
/// </summary>
/// <param name="Killed">Name of the silo.</param>
/// <param name="Answered">Seconds from its death until the last device was answered.</param>
internal sealed record SiloDrill(string Killed, double Answered)
{
    [SupportedOSPlatform("linux")]
    public static async Task<SiloDrill> RunAsync(DemoMesh mesh, Surroundings surroundings, CancellationToken ct)
    {
        var victim = await mesh.Silos.KillOneAsync(ct) ?? throw new DemoFailure("No silo runs that could be killed.");
        var died = surroundings.Time.GetUtcNow();
        surroundings.Error.WriteLine($"{victim.Name} is killed, as by a power cut. Waiting for every device to be answered by the others ...");
        // Times of proof are whole seconds: only one of a later second was certainly not the dead one's answer.
        await mesh.UntilAsync(() => IsWhole() && mesh.Devices.All(device => mesh.NodeOf(device)!.ProvenAt?.ToUnixTimeSeconds() > died.ToUnixTimeSeconds()), ct);
        var answered = surroundings.Time.GetUtcNow() - died;
        surroundings.Error.WriteLine($"All are answered and trusted after {answered.TotalSeconds:0.0} s. Starting {victim.Name} again ...");
        await mesh.Silos.StartAsync(ct);
        // Verdicts ran out meanwhile, and new ones came that nobody here has seen.
        await mesh.UntilAsync(IsWhole, ct);
        return new(victim.Name, Math.Round(answered.TotalSeconds, 1));

        bool IsWhole() => mesh.Devices.All(mesh.IsAsGoodAsItGets) && mesh.WithoutEnoughPeers(mesh.Peers).Count == 0;
    }
}
