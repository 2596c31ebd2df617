using System.CommandLine;
using System.Globalization;
using TrustMesh.Agent.Files;
using TrustMesh.Agent.Life;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent status</c>: what the running agent last wrote about itself.</summary>
public static class StatusCommand
{
    public static Command Create()
    {
        var config = AgentCommand.ConfigOption();
        var json = new Option<bool>("--json") { Description = "Print the status file as it is." };
        var command = new Command("status", "Show what the agent of this configuration does. Exit code 3 if none is running.") { config, json };
        command.SetAction(parsed => Show(parsed.GetRequiredValue(config), parsed.GetValue(json), TimeProvider.System));
        return command;
    }

    private static int Show(string file, bool json, TimeProvider time)
    {
        if (AgentCommand.Read(file, Console.Error) is not { } config) return ExitCode.Usage;
        if (!Directory.Exists(config.State))
        {
            Console.Error.WriteLine("No agent has run with this configuration yet. Start one with: trustmesh-agent run");
            return ExitCode.NotFound;
        }
        try
        {
            using var state = StateDirectory.Peek(config.State);
            if (AgentStatus.Load(state) is not { } status)
            {
                Console.Error.WriteLine("No agent has written a status here yet. Start one with: trustmesh-agent run");
                return ExitCode.NotFound;
            }
            var running = state.InUse();
            if (json)
            {
                using var output = Console.OpenStandardOutput();
                output.Write(status.ToJson());
                output.WriteByte((byte)'\n');
            }
            else Print(status, running, time.GetUtcNow());
            if (!running) Console.Error.WriteLine("No agent is running with this configuration; this is what the last one left behind.");
            return running ? ExitCode.Ok : ExitCode.NotFound;
        }
        catch (StateException unusable)
        {
            Console.Error.WriteLine(unusable.Message);
            return ExitCode.Failure;
        }
    }

    private static void Print(AgentStatus status, bool running, DateTimeOffset now)
    {
        Line("Agent", running ? $"{status.Name}, running as process {status.Process}, version {status.Version}" : $"{status.Name}, not running");
        Line("Phase", $"{status.Phase} for {Ago(now - status.Since)}: {status.Reason}");
        Line("Standing", status.Standing ?? "not known yet");
        Line("Verdict", status.Result ?? "none yet");
        Line("Last proof", status.ProvenAt is { } proven ? $"{Ago(now - proven)} ago" : "never in this run");
        Line("Next", status.Next is { } next && running ? $"in {Ago(next - now)}{(status.Attempt > 0 ? $" (attempt {status.Attempt + 1})" : "")}" : "-");
        Line("Device", status.Device);
        Line("Root", $"{status.Root} ({status.Tier})");
        Line("Silo", status.Silos is { Count: > 1 } all ? string.Create(CultureInfo.InvariantCulture, $"{status.Silo}, one of {all.Count}") : status.Silo);
        Line("Log", string.Create(CultureInfo.InvariantCulture, $"boot {status.Boot}, {status.Entries} entries, {status.Files} measured names, {status.Log}"));
        if (status.Mesh is { } mesh) Print(mesh, now);
    }

    private static void Print(MeshStatus mesh, DateTimeOffset now)
    {
        Line("Peers", mesh.Peers is null ? "not examined: \"peer\" is not configured" : string.Create(CultureInfo.InvariantCulture, $"{mesh.Accepted} of {mesh.Known} accepted, listening on {mesh.Peers}"));
        Line("Revocation", mesh.StatusListIssued is { } issued
            ? string.Create(CultureInfo.InvariantCulture, $"list {mesh.StatusList}, {Ago(now - issued)} old{(mesh.Current ? "" : ", too old: every peer counts as unknown")}")
            : "no list yet: every peer counts as unknown");
        Line("Verdicts", string.Create(CultureInfo.InvariantCulture, $"{mesh.VerdictsWaiting} wait for the silo{(mesh.VerdictsDropped > 0 ? $", {mesh.VerdictsDropped} had to make room" : "")}"));
        Line("Admission", mesh.Admission);
    }

    private static void Line(string label, string text) => Console.Out.WriteLine($"{label,-11} {text}");

    private static string Ago(TimeSpan span) => span.TotalSeconds switch
    {
        < 1 => "less than a second",
        < 120 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
        < 7200 => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
    };
}
