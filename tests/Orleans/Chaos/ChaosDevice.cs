using System.Diagnostics;
using System.Security.Cryptography;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>
/// A simulated device: no TPM, a key in memory; one connection over the agent's own client code, to one silo until that one does not answer. It joins,
/// proves itself every interval, measures a changed file now and then, and starts anew now and then. What was acknowledged is in its <see cref="Ledger"/>.
/// </summary>
internal sealed class ChaosDevice(ChaosWorld world, TokenStock tokens, SemaphoreSlim joining, int number) : IDisposable
{
    private const string Program = "/opt/app/main", Configuration = "/etc/app.conf";
    private const double MeasuresABadFile = 0.03, MendsIt = 0.4, StartsAnew = 0.01;

    /// <summary>For one attempt; the next goes to another silo.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8), AtOnce = TimeSpan.FromMilliseconds(20);

    private readonly Random random = world.Settings.Random($"device {number}");
    private readonly TaskCompletionSource proven = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SimulatedRoot root = new();
    private readonly List<ReadOnlyMemory<byte>> log = [];
    private SessionKey session = new(TimeProvider.System);
    private SiloConnection? connection;
    private JoinToken? token;
    private Challenge? next;
    private bool outdated;
    private int silo = number % world.Mesh.Silos.Count, refusals, bad;

    public string Name { get; } = $"device-{number:0000}";

    public DeviceId Id => root.Device;

    public DeviceLedger Ledger { get; } = new();

    /// <summary>Ends with its first receipt.</summary>
    public Task Proven => proven.Task;

    /// <summary>The key its connections are known by, and whom they are with.</summary>
    public SessionKey Session => session;

    public byte[]? AuthorityPin => token?.AuthorityPin;

    /// <summary>Good values of its model are learned from one that has measured nothing bad.</summary>
    public bool IsGood => bad == 0;

    /// <summary>Proves itself until <paramref name="finishing"/>, and once more after it.</summary>
    public async Task RunAsync(Task finishing, CancellationToken stop)
    {
        Measure(Program, "good");
        Measure(Configuration, "good");
        for (var last = false; !last;)
        {
            last = finishing.IsCompleted;
            if (Ledger.IsEnrolled && !last) Live();
            await ProveOnceAsync(stop);
            if (last) return;
            var pause = TimeSpan.FromSeconds(ChaosSettings.Interval * (0.8 + 0.4 * random.NextDouble()));
            await Task.WhenAny(finishing, Task.Delay(pause, stop));
            stop.ThrowIfCancellationRequested();
        }
    }

    public void Dispose()
    {
        connection?.Dispose();
        session.Dispose();
        root.Dispose();
    }

    /// <summary>Ends when there is a receipt.</summary>
    private async Task ProveOnceAsync(CancellationToken stop)
    {
        var wished = Stopwatch.GetTimestamp();
        var enrolled = Ledger.IsEnrolled;
        var failed = 0;
        while (!await TryAsync(stop))
        {
            // A challenge that is out of date because the policy is another one is no outage.
            if (!outdated) failed++;
            // As the agent does: one silo after the other at once, and a pause after each round.
            await Task.Delay(outdated || failed % world.Mesh.Silos.Count != 0 ? AtOnce : Backoff.Delay(failed / world.Mesh.Silos.Count, random.NextDouble()), stop);
        }
        // How long joining takes is another matter: it waits for its turn.
        if (enrolled) (failed > 0 ? world.Outages : world.Answers).Enqueue(Stopwatch.GetElapsedTime(wished));
    }

    private async Task<bool> TryAsync(CancellationToken stop)
    {
        outdated = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            if (!Ledger.IsEnrolled)
            {
                await joining.WaitAsync(stop);
                try
                {
                    token ??= await tokens.TakeAsync(stop);
                    limit.CancelAfter(Patience);
                    connection ??= await OpenAsync(limit.Token);
                    await EnrolAsync(limit.Token);
                }
                finally
                {
                    joining.Release();
                }
            }
            limit.CancelAfter(Patience);
            connection ??= await OpenAsync(limit.Token);
            await ProveAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Leave();
        }
        catch (SiloException failed)
        {
            next = null;
            Judge(failed);
        }
        return false;
    }

    private void Judge(SiloException failed)
    {
        world.Count($"devices heard {failed.Kind}");
        switch (failed.Kind)
        {
            case FailureKind.ChallengeGone:
                outdated = true;
                break;
            case FailureKind.EnrolmentRefused when !Ledger.IsEnrolled:
                token = null;
                if (++refusals == 20) world.Fault($"{Name} was refused by {refusals} join tokens");
                break;
            case FailureKind.Unreachable or FailureKind.Busy or FailureKind.NotOurSilo:
                Leave();
                break;
            default:
                world.Fault($"{Name} ({Id.Short}), enrolled: {Ledger.IsEnrolled}, heard from silo-{silo + 1}: {failed.Message}");
                Leave();
                break;
        }
    }

    private void Leave()
    {
        connection?.Dispose();
        (connection, next) = (null, null);
        silo = (silo + 1) % world.Mesh.Silos.Count;
    }

    private Task<SiloConnection> OpenAsync(CancellationToken stop)
        => SiloConnection.OpenAsync(world.Mesh[silo].Devices, token!.AuthorityPin, session, TimeProvider.System, stop);

    private async Task EnrolAsync(CancellationToken stop)
    {
        var request = new EnrolRequest(token!.Secret, Name, "chaos", "simulated", root.Kind, root.RootPublic, root.Certificates, root.AttestationKey);
        var challenge = EnrolChallenge.Decode(await PostAsync("/device/v1/enrol", request.Encode(), stop));
        var answer = new ActivateRequest(challenge.EnrolmentId, root.AnswerEnrolment(challenge, session.SpkiHash));
        var result = EnrolResult.Decode(await PostAsync("/device/v1/enrol/activate", answer.Encode(), stop));
        Ledger.Enrolled(result.Standing);
        world.Count("devices joined");
    }

    private async Task ProveAsync(CancellationToken stop)
    {
        var before = Ledger.Look();
        if (next is null)
        {
            next = Challenge.Decode(await PostAsync("/device/v1/challenge", new ChallengeRequest(Id).Encode(), stop));
            if (before.Last is { Standing: not Standing.Revoked } last && (next.Boot < last.Boot || next.Boot == last.Boot && next.LogCursor < last.LogCount))
                world.Fault($"{Name} proved {last.LogCount} entries of boot {last.Boot}, and silo-{silo + 1} knows {next.LogCursor} of boot {next.Boot}");
        }
        var challenge = next;
        next = null;
        var leaf = new ChallengeLeaf(challenge.Nonce, challenge.Challenger, Id, AttesterRole.TlsClient, session.SpkiHash, connection!.SiloSpki, connection.BindingType, connection.Binding);
        var claims = new Claims(Id, session.Thumbprint, leaf.LeafHash(), DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 60, root.Boot, "simulated-device", "1.0", null, null);
        var from = challenge.Boot == root.Boot ? challenge.LogCursor : 0;
        var evidence = root.Prove(new(AttesterRole.TlsClient, claims, challenge.Bank, challenge.Pcrs, new(0, 1, []), new LogTail(root.Boot, from, [.. log.Skip(from)])));
        var receipt = Receipt.Decode(await PostAsync("/device/v1/evidence", evidence.Encode(), stop));
        var result = AttestationResult.DecodePayload(CoseSign1.Decode(receipt.Result).Payload);
        next = Challenge.Decode(receipt.NextChallenge);
        if (receipt.Standing != Standing.Revoked && (next.Boot, next.LogCursor) != (root.Boot, log.Count))
            world.Fault($"{Name} proved {log.Count} entries of boot {root.Boot}, and the receipt of silo-{silo + 1} continues at {next.LogCursor} of boot {next.Boot}");
        if (receipt.Standing == Standing.Active && result.ReferenceSerial > 0 && (result.Status == TrustTier.Contraindicated) == IsGood)
            world.Fault($"{Name} measured {(IsGood ? "what was learned" : "a bad file")} and is {result.Status} for silo-{silo + 1}");
        if (Ledger.Accepted(new(receipt.Standing, result.Status, result.IssuedAt, result.ExpiresAt, root.Boot, log.Count), before) is { } wrong) world.Fault($"{Name} at silo-{silo + 1}: {wrong}");
        world.Count("proofs accepted");
        proven.TrySetResult();
    }

    private Task<byte[]> PostAsync(string path, byte[] body, CancellationToken stop) => connection!.PostAsync(path, body, stop);

    /// <summary>What happens to a device between two proofs.</summary>
    private void Live()
    {
        var happens = random.NextDouble();
        if (happens < StartsAnew)
        {
            root.Reboot();
            log.Clear();
            bad = 0;
            connection?.Dispose();
            session.Dispose();
            (connection, next, session) = (null, null, new(TimeProvider.System));
            Measure(Program, "good");
            Measure(Configuration, "good");
        }
        else if (!IsGood && happens < StartsAnew + MendsIt)
        {
            bad = 0;
            Measure(Program, "good");
        }
        else if (IsGood && happens < StartsAnew + MeasuresABadFile)
        {
            bad = 1;
            Measure(Program, $"bad {random.Next()}");
        }
    }

    private void Measure(string file, string content)
    {
        var entry = new LogEntry(log.Count, LogEntryKind.File, file, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content))).Encode();
        log.Add(entry);
        root.Extend(SHA256.HashData(entry));
    }
}
