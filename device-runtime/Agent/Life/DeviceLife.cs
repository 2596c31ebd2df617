using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Life;

/// <summary>
/// Runs the state machine: does what the phase says, feeds back what came of it, writes the status. One loop beside the measurer's. It ends only
/// by cancellation, or by an exception that no later attempt could heal.
/// </summary>
public sealed class DeviceLife : IDisposable
{
    private readonly AgentConfig config;
    private readonly StateDirectory files;
    private readonly Attester attester;
    private readonly Measurer measurer;
    private readonly SiloExchange exchange;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly ServiceNotification service;
    private readonly string version;
    private readonly SemaphoreSlim changed = new(0, 1);
    private DeviceIdentity? identity;
    private KeptStatements? statements;
    private AgentState now;
    private Standing? standing;
    private bool fullTold;

    /// <summary>The caller keeps the root and disposes of it after this. Throws <see cref="StateException"/>, <see cref="RootException"/>, <see cref="IOException"/>.</summary>
    public DeviceLife(AgentConfig config, StateDirectory files, IRoot root, TimeProvider time, ILogger log, ServiceNotification service, string version)
    {
        (this.config, this.files, this.time, this.log, this.service, this.version) = (config, files, time, log, service, version);
        now = AgentState.At(time.GetUtcNow());
        attester = new(root, files);
        measurer = new(config.Measure, config.Rescan, attester, time, log);
        exchange = new(config.Silo, attester, () => measurer.Settle(), config.Root.MeasurementPcr, version, time);
        identity = DeviceIdentity.Load(files, root.Device);
        if (identity is not null) statements = new(identity.Key(), root.Device, files, time, log);
    }

    /// <summary>So many failures in a row, the last of them the root's own, end this life with a <see cref="RootException"/>.</summary>
    public const int MostRootFailures = 3;

    public AgentState State => now;

    /// <summary>When the loop last turned; a watchdog feeds on it.</summary>
    public DateTimeOffset TurnedAt { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var measuring = Task.CompletedTask;
        try
        {
            TellTakeUp(measurer.Settle());
            service.Ready();
            measuring = Task.Run(() => measurer.RunAsync(OnMeasured, ending.Token), CancellationToken.None);
            while (!stop.IsCancellationRequested)
            {
                // A measurer that ended on its own ends the agent: what can no longer measure must not go on proving.
                if (measuring.IsCompleted) await measuring;
                Write();
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

    public void Dispose()
    {
        exchange.Dispose();
        measurer.Dispose();
        attester.Dispose();
        changed.Dispose();
    }

    private void Follow(Happening happened)
    {
        var before = now;
        now = StateMachine.Next(now, happened, time.GetUtcNow(), Random.Shared.NextDouble(), config.IntervalFloor);
        if (now.Phase == before.Phase && now.Reason == before.Reason || before.Phase == now.Phase) return;
        if (now.Phase is AgentPhase.Proving && before.Phase is not AgentPhase.Enrolling and not AgentPhase.Starting) return;
        if (now.Phase is AgentPhase.BackingOff or AgentPhase.Refused or AgentPhase.Suspended or AgentPhase.Revoked) log.NowTrouble(now.Phase.ToString(), now.Reason);
        else log.Now(now.Phase.ToString(), now.Reason);
    }

    private async Task<Happening> ActAsync(CancellationToken stop)
    {
        if (now.Phase == AgentPhase.Starting) return Happening.Began(identity is not null);
        try
        {
            if (attester.FollowBoot())
            {
                log.NewBoot();
                measurer.Restart();
                TellTakeUp(measurer.Settle());
            }
            return now.Phase == AgentPhase.Enrolling ? await EnrolAsync(stop) : await ProveAsync(stop);
        }
        catch (SiloException failed)
        {
            return RootIsLost(failed.InnerException) ?? Happening.Failed(failed);
        }
        catch (Exception local) when (local is RootException or IOException)
        {
            return RootIsLost(local) ?? Happening.Failed(new(FailureKind.Local, local.Message, null, local));
        }
    }

    /// <summary>A connection to a TPM does not heal by itself: after a few attempts whoever runs this life opens the root anew.</summary>
    private Happening? RootIsLost(Exception? why)
        => why is RootException lost && now.Attempt >= MostRootFailures ? throw new RootException(lost.Message, lost) : null;

    private async Task<Happening> EnrolAsync(CancellationToken stop)
    {
        if (JoinTokenSource.Find(config, out var problem) is not { } token) return new(Cause.EnrolmentRefused, problem);
        var (answer, enrolment) = await exchange.EnrolAsync(token, (root, secret) => new(secret, config.Name, config.Site, config.Model, root.Kind, root.RootPublic, root.Certificates, root.AttestationKey, root.Facts), stop);
        var joined = new DeviceIdentity(attester.Root.Device.Text, Text(token.AuthorityPin), Text(exchange.Authority!.PublicKey.ExportSubjectPublicKeyInfo()), Convert.ToHexStringLower(enrolment), config.Silo.ToString(), time.GetUtcNow());
        // Saved first, believed second: an identity only in memory would enrol again after a power cut.
        joined.Save(files);
        identity = joined;
        standing = answer.Standing;
        statements = new(joined.Key(), attester.Root.Device, files, time, log);
        statements.Keep(answer.Membership);
        return Happening.Joined(answer.Standing);
    }

    private async Task<Happening> ProveAsync(CancellationToken stop)
    {
        var receipt = await exchange.ProveAsync(identity!.Pin()!, stop);
        standing = receipt.Standing;
        statements!.Keep(receipt.Membership);
        statements.Note(receipt.Result);
        return Happening.Accepted(receipt.Standing, TimeSpan.FromSeconds(receipt.NextSeconds));
    }

    /// <summary>Waits for the phase's end or a change. Null: look again, nothing happened.</summary>
    private async Task<Happening?> WaitAsync(Task measuring, CancellationToken stop)
    {
        var due = now.DueAt - time.GetUtcNow();
        var heard = due > TimeSpan.Zero && await SignalAsync(due, measuring, stop);
        if (measuring.IsCompleted) return null;
        if (!heard) return new(now.Enrolled ? Cause.Due : Cause.DueToEnrol, "due");
        if (!now.Enrolled || !StateMachine.Knows(now.Phase, Cause.Changed)) return null;
        var earliest = (now.ProvenAt ?? DateTimeOffset.MinValue) + config.IntervalFloor;
        if (earliest > time.GetUtcNow()) await SignalAsync(earliest - time.GetUtcNow(), measuring, stop, changes: false);
        return new(Cause.Changed, "a measured file changed");
    }

    private async Task<bool> SignalAsync(TimeSpan longest, Task measuring, CancellationToken stop, bool changes = true)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var signal = changes ? changed.WaitAsync(both.Token) : Task.Delay(Timeout.InfiniteTimeSpan, both.Token);
        await Task.WhenAny(signal, measuring);
        var heard = signal.IsCompletedSuccessfully;
        await both.CancelAsync();
        stop.ThrowIfCancellationRequested();
        return heard;
    }

    private void OnMeasured()
    {
        if (attester.IsFull && !fullTold)
        {
            fullTold = true;
            log.LogFull();
        }
        if (changed.CurrentCount == 0) changed.Release();
    }

    private void TellTakeUp(int written)
    {
        if (attester.Cut > 0) log.LogWasTorn(attester.Cut);
        if (attester.State == LogState.Differs) log.RegisterDiffers();
        log.TookUp(attester.Root.Device.Short, attester.Boot, attester.State.ToString(), attester.Entries, measurer.Files);
        if (written > 0) log.Measured(written);
    }

    private void Write()
    {
        var root = attester.Root;
        var status = new AgentStatus(version, Environment.ProcessId, config.Name, root.Device.Text, root.Description, Word(root.Tier), config.Silo.ToString(), now.Phase, now.Reason, now.Since,
            now.Acts ? null : now.DueAt, now.Attempt, standing?.ToString().ToLowerInvariant(), statements?.Verdict, now.ProvenAt, attester.Boot, attester.State.ToString().ToLowerInvariant(), attester.Entries, measurer.Files, time.GetUtcNow());
        files.Replace(AgentStatus.FileName, status.ToJson(), durable: false);
        service.Status($"{now.Phase}: {now.Reason}");
    }

    private static string Word(AssuranceTier tier) => tier switch
    {
        AssuranceTier.TpmQuote => "tpm-quote",
        AssuranceTier.HardwareKey => "hardware-key",
        AssuranceTier.Guardian => "guardian",
        _ => "software",
    };

    private static string Text(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
