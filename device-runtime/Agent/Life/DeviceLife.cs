using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Peers;
using TrustMesh.Agent.Proving;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>
/// Runs the state machine: does what the phase says, feeds back what came of it, writes the status. One loop beside the measurer's and the mesh's. It
/// ends only by cancellation, or by an exception that no later attempt could heal.
/// </summary>
public sealed partial class DeviceLife : IAsyncDisposable
{
    private readonly AgentConfig config;
    private readonly StateDirectory files;
    private readonly Attester attester;
    private readonly Measurer measurer;
    private readonly SessionKeys sessions;
    private readonly ProofBatch proofs;
    private readonly SiloAddresses silos;
    private readonly SiloExchange exchange;
    private readonly Doorbell bell;
    private readonly StatusPage page;
    private readonly PeerBook book = new();
    private readonly DeviceDoors doors;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ServiceNotification service;
    private DeviceIdentity? identity;
    private MeshLife? mesh;
    private AgentState now;
    private Standing? standing;
    private bool fullTold;

    /// <summary>The caller keeps the root and disposes of it after this. Throws <see cref="StateException"/>, <see cref="RootException"/>, <see cref="IOException"/>.</summary>
    public DeviceLife(AgentConfig config, StateDirectory files, IRoot root, TimeProvider time, ILogger log, ServiceNotification service, string version)
    {
        (this.config, this.files, this.time, this.log, this.service) = (config, files, time, log, service);
        now = AgentState.At(time.GetUtcNow());
        attester = new(root, files);
        measurer = new(config.Measure, config.Rescan, attester, time, log);
        sessions = new(time);
        proofs = new(attester, measurer.Settle, version, time);
        silos = new(config.Silos, root.Device);
        exchange = new(silos, proofs, sessions, config.Root.MeasurementPcr, time, log);
        bell = new(time);
        page = new(config, silos, files, attester, measurer, service, version, time);
        doors = new(config, book, ExamineAsync, time, log);
        identity = DeviceIdentity.Load(files, root.Device);
        if (identity is not null) mesh = Mesh(identity);
    }

    /// <summary>So many failures in a row, the last of them the root's own, end this life with a <see cref="RootException"/>.</summary>
    public const int MostRootFailures = 3;

    public AgentState State => now;

    /// <summary>What this device holds true about its peers.</summary>
    public PeerBook Peers => book;

    /// <summary>When the loop last turned; a watchdog feeds on it.</summary>
    public DateTimeOffset TurnedAt { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var measuring = Task.CompletedTask;
        try
        {
            TellTakeUp(measurer.Settle());
            await doors.StartAsync(stop);
            // Peers are judged from the first moment on, whether a silo answers or not.
            mesh?.Start();
            service.Ready();
            measuring = Task.Run(() => measurer.RunAsync(OnMeasured, ending.Token), CancellationToken.None);
            while (!stop.IsCancellationRequested)
            {
                // A measurer or a mesh that ended on its own ends the agent: what can no longer measure must not go on proving.
                if (measuring.IsCompleted) await measuring;
                if (mesh is { Running.IsCompleted: true }) await mesh.Running;
                if (doors.Running.IsCompleted) await doors.Running;
                page.Write(now, standing, mesh, doors.Admission);
                TurnedAt = time.GetUtcNow();
                var happened = now.Acts ? await ActAsync(stop) : await WaitAsync(measuring, stop);
                if (happened is null) continue;
                Follow(happened);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // SIGTERM: everything that matters is on disk already.
        }
        finally
        {
            await ending.CancelAsync();
            await measuring;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (mesh is not null) await mesh.DisposeAsync();
        await doors.DisposeAsync();
        exchange.Dispose();
        sessions.Dispose();
        measurer.Dispose();
        attester.Dispose();
        bell.Dispose();
    }

    private MeshLife Mesh(DeviceIdentity member) => new(config, member, silos, files, proofs, sessions, book, bell, time, log);

    private Task<KnownPeer> ExamineAsync(string target, CancellationToken stop)
        => mesh?.Node is { } node ? node.ExamineAsync(target, stop)
            : throw new PeerException(mesh is null ? "This device has not joined a mesh yet." : "This device meets no peers: \"peer\" is not in its configuration.");

    private void Follow(Happening happened)
    {
        var before = now;
        now = StateMachine.Next(now, happened, time.GetUtcNow(), Random.Shared.NextDouble(), config.IntervalFloor);
        if (now.Phase == before.Phase && now.Reason == before.Reason || before.Phase == now.Phase) return;
        if (now.Phase is AgentPhase.Proving && before.Phase is not AgentPhase.Enrolling and not AgentPhase.Starting) return;
        if (now.Phase is AgentPhase.BackingOff or AgentPhase.Refused or AgentPhase.Suspended or AgentPhase.Revoked) log.NowTrouble(now.Phase.ToString(), now.Reason);
        else log.Now(now.Phase.ToString(), now.Reason);
    }

    private void OnMeasured()
    {
        if (attester.IsFull && !fullTold)
        {
            fullTold = true;
            log.LogFull();
        }
        // Peers are shown a change at once, before the silo: they are who talks to this device.
        mesh?.Node?.OnMeasured();
        bell.Press(Ring.Measured);
    }

    private void TellTakeUp(int written)
    {
        if (attester.Cut > 0) log.LogWasTorn(attester.Cut);
        if (attester.State == LogState.Differs) log.RegisterDiffers();
        log.TookUp(attester.Root.Device.Short, attester.Boot, attester.State.ToString(), attester.Entries, measurer.Files);
        if (written > 0) log.Measured(written);
    }
}
