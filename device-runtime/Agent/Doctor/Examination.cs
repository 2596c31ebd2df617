using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Life;
using TrustMesh.Agent.Measuring;
using TrustMesh.Agent.Silo;
using TrustMesh.Roots;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Doctor;

/// <summary>
/// Checks what the agent needs, in the order in which it needs it: state, root of trust, measured files, identity or token, silo, clock. Changes
/// nothing but the state directory's lock, and leaves a running agent's hardware alone.
/// </summary>
public sealed class Examination(AgentConfig config, TimeProvider time, Func<RootSettings, IRoot> openRoot)
{
    private static readonly DateTimeOffset Earliest = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public async IAsyncEnumerable<CheckUp> RunAsync()
    {
        var running = false;
        yield return State(ref running);
        foreach (var check in running ? [Running()] : Root()) yield return check;
        foreach (var check in Files()) yield return check;
        yield return Clock();
        await foreach (var check in new MeshChecks(config, running).RunAsync()) yield return check;
        var pin = Identity(out var identity);
        yield return identity;
        if (pin is null) yield return CheckUp.Note("silo", "not dialled: without a join token or identity there is nothing to check it against.");
        else foreach (var silo in config.Silos) yield return await SiloAsync(silo, pin);
    }

    private CheckUp State(ref bool running)
    {
        try
        {
            if (!Directory.Exists(config.State) && Directory.Exists(Path.GetDirectoryName(config.State))) return CheckUp.Ok("state", $"{config.State} will be made at the first start.");
            using (var peek = StateDirectory.Peek(config.State)) running = peek.InUse();
            if (running) return CheckUp.Ok("state", $"{config.State} is in use by a running agent.");
            StateDirectory.Open(config.State).Dispose();
            return CheckUp.Ok("state", $"{config.State} belongs to this user alone.");
        }
        catch (Exception failed) when (failed is StateException or IOException or UnauthorizedAccessException)
        {
            return CheckUp.Fail("state", failed.Message);
        }
    }

    /// <summary>A TPM socket takes one client at a time; the running agent's word stands for it.</summary>
    private CheckUp Running()
    {
        try
        {
            using var state = StateDirectory.Peek(config.State);
            return AgentStatus.Load(state) is { } status ? CheckUp.Ok("root", $"{status.Root} ({status.Tier}), held by the running agent.") : CheckUp.Note("root", "held by the running agent, which has not told more yet.");
        }
        catch (StateException failed)
        {
            return CheckUp.Fail("root", failed.Message);
        }
    }

    private List<CheckUp> Root()
    {
        var checks = new List<CheckUp>();
        if (config.Root.Kind == "software") checks.Add(CheckUp.Note("root", "a software root: everybody will see that no hardware stands behind this device.", "for a real device use {\"kind\": \"tpm\"} or {\"kind\": \"pkcs11\"}."));
        if (!Directory.Exists(config.State))
        {
            checks.Add(CheckUp.Note("root", "not opened, because the state directory is not there yet.", "start the agent once, or make the directory."));
            return checks;
        }
        try
        {
            using var root = openRoot(config.Root);
            checks.Add(CheckUp.Ok("root", $"{root.Description}, device {root.Device.Short}."));
            if (root.Kind == RootKind.Tpm)
                checks.Add(root.Certificates.Count > 0
                    ? CheckUp.Ok("certificate", $"the TPM has an endorsement certificate ({root.Certificates[0].Length} bytes).")
                    : CheckUp.Note("certificate", "the TPM has no endorsement certificate.", "an operator has to approve this device by its id, or install the maker's certificate."));
            if (root.Facts is { } facts)
                checks.Add(CheckUp.Ok("token", $"the PIN was accepted; the key's attributes are {facts.Attributes}. An operator has to approve this device by its id."));
            foreach (var note in config.Root.Kind == "software" ? [] : root.Notes) checks.Add(CheckUp.Note("root", note));
            root.ReadRegister();
            checks.Add(CheckUp.Ok("register", root.Kind == RootKind.Tpm ? $"PCR {config.Root.MeasurementPcr} can be read." : "the hash chain is ready."));
        }
        catch (Exception failed) when (failed is RootException or IOException or UnauthorizedAccessException)
        {
            checks.Add(CheckUp.Fail("root", failed.Message));
        }
        return checks;
    }

    private List<CheckUp> Files()
    {
        var found = FileWalk.Find(config.Measure, (_, _) => { });
        var readings = found.Values.Select(file => (File: file, Reading: FileReader.Read(file))).ToList();
        var checks = new List<CheckUp>();
        var plain = readings.Count(item => item.Reading.Kind == LogEntryKind.File);
        checks.Add(plain == 0
            ? CheckUp.Fail("files", "no measured file exists.", "look at \"root\" and \"files\" under \"measure\".")
            : CheckUp.Ok("files", $"{plain} files are measured."));
        foreach (var (file, reading) in readings.Where(item => item.Reading.Kind != LogEntryKind.File).Take(10))
            checks.Add(CheckUp.Note("files", $"{file.Name} is measured as: {reading.Text}.",
                reading.Text.StartsWith("unreadable", StringComparison.Ordinal) ? $"let the agent's user read {file.Path}." : null));
        return checks;
    }

    private CheckUp Clock()
        => time.GetUtcNow() >= Earliest
            ? CheckUp.Ok("clock", $"{time.GetUtcNow().UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.")
            : CheckUp.Fail("clock", $"it says {time.GetUtcNow().UtcDateTime:yyyy-MM-dd}, which is in the past.", "set the clock (chrony or systemd-timesyncd); certificates can not be checked without it.");

    private byte[]? Identity(out CheckUp check)
    {
        try
        {
            if (Directory.Exists(config.State))
            {
                using var state = StateDirectory.Peek(config.State);
                if (DeviceIdentity.Stored(state) is { } identity)
                {
                    check = CheckUp.Ok("identity", $"joined {identity.EnrolledAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC as {identity.Device}.");
                    return identity.Pin();
                }
            }
        }
        catch (StateException failed)
        {
            check = CheckUp.Fail("identity", failed.Message);
            return null;
        }
        if (JoinTokenSource.Find(config, out var problem) is not { } token)
        {
            check = CheckUp.Fail("join token", problem);
            return null;
        }
        check = config.JoinTokenFile is { } file && Posix.Look(file, out _) is { } facts && (facts.Mode & FileFacts.GroupOrOthersAtAll) != 0
            ? CheckUp.Note("join token", $"{file} can be read by others.", $"chmod 600 {file}")
            : CheckUp.Ok("join token", "not joined yet; a join token is there.");
        return token.AuthorityPin;
    }

    private async Task<CheckUp> SiloAsync(Uri silo, byte[] pin)
    {
        try
        {
            using var session = new SessionKey(time);
            using var connection = await SiloConnection.OpenAsync(silo, pin, session, time, CancellationToken.None);
            return connection.BindingType == ChannelBindingType.Finished
                ? CheckUp.Ok("silo", $"{silo.Authority} answers, and is of the mesh this device trusts.")
                : CheckUp.Note("silo", $"{silo.Authority} answers, but this platform gives no channel binding.", "a policy that requires channel binding will not accept this device.");
        }
        catch (SiloException failed)
        {
            return CheckUp.Fail("silo", failed.Message);
        }
    }
}
