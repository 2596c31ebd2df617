using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Door;

namespace TrustMesh.Agent.Commands;

/// <summary><c>trustmesh-agent peer</c>: asks the running agent over its socket whom it trusts, as every application may.</summary>
public static class PeerCommand
{
    /// <summary>The agent answers from memory; one that does not is stuck.</summary>
    private const int Usual = 10;

    /// <summary>A handshake may take 60 s.</summary>
    private const int Examination = 90;

    public static Command Create() => new("peer", "Whom this device trusts: ask the running agent, or have a peer examined now.") { List(), Show(), Examine(), Watch() };

    private static Command List()
    {
        Option<string> config = AgentCommand.ConfigOption();
        var json = Json();
        var command = new Command("list", "Every peer with its verdict, until when it counts, and why not.") { config, json };
        command.SetAction((parsed, stop) => AskAsync(parsed.GetRequiredValue(config), Usual, new(List: true), async (client, end) =>
        {
            var peers = new List<DoorPeer>();
            while (await client.NextAsync(end) is { } line)
            {
                if (DoorClient.Read(line, DoorJson.Default.DoorPeer, out var error) is not { } peer) return Refused(error) ?? PeerPrint.Table(Console.Out, peers, parsed.GetValue(json));
                if (parsed.GetValue(json)) Raw(line);
                peers.Add(peer);
            }
            return Closed();
        }, stop));
        return command;
    }

    private static Command Show()
    {
        Option<string> config = AgentCommand.ConfigOption();
        var json = Json();
        var peer = new Argument<string>("PEER") { Description = "Its name, id, short id or address." };
        var command = new Command("show", "One peer with everything behind its verdict. Exit code 3 if there is no such peer.") { peer, config, json };
        command.SetAction((parsed, stop) => AskAsync(parsed.GetRequiredValue(config), Usual, new(Show: parsed.GetRequiredValue(peer)), async (client, end) =>
        {
            if (await client.NextAsync(end) is not { } line) return Closed();
            if (DoorClient.Read(line, DoorJson.Default.DoorDetail, out var error) is not { } detail) return Refused(error) ?? ExitCode.Failure;
            if (parsed.GetValue(json)) Raw(line);
            else if (detail.Peer is not null) PeerPrint.Detail(Console.Out, detail);
            if (detail.Peer is not null) return ExitCode.Ok;
            Console.Error.WriteLine(detail.Reason);
            return ExitCode.NotFound;
        }, stop));
        return command;
    }

    private static Command Examine()
    {
        Option<string> config = AgentCommand.ConfigOption();
        var json = Json();
        var host = new Argument<string>("HOST") { Description = "Where it listens (HOST or HOST:PORT), or a known peer's name or id." };
        var timeout = new Option<int>("--timeout") { Description = "Seconds to wait.", HelpName = "SECONDS", DefaultValueFactory = _ => Examination };
        timeout.Validators.Add(result => { if (result.GetValueOrDefault<int>() is < 1 or > 3600) result.AddError("--timeout takes 1 to 3600 seconds."); });
        var command = new Command("examine", "Have a peer examined now: one line with the verdict, below it what did not pass. Exit code 0 for affirming and warning, 6 for everything else.") { host, config, json, timeout };
        command.SetAction((parsed, stop) => AskAsync(parsed.GetRequiredValue(config), parsed.GetValue(timeout), new(Examine: parsed.GetRequiredValue(host)), async (client, end) =>
        {
            if (await client.NextAsync(end) is not { } line) return Closed();
            if (DoorClient.Read(line, DoorJson.Default.DoorDetail, out var error) is not { } detail)
            {
                Console.Error.WriteLine(error);
                return ExitCode.NotTrusted;
            }
            if (parsed.GetValue(json)) Raw(line);
            else PeerPrint.Verdict(Console.Out, detail);
            return detail.Allowed ? ExitCode.Ok : ExitCode.NotTrusted;
        }, stop));
        return command;
    }

    private static Command Watch()
    {
        Option<string> config = AgentCommand.ConfigOption();
        var json = Json();
        var command = new Command("watch", "Every peer as it is now, then a line at every change, until Ctrl-C.") { config, json };
        command.SetAction((parsed, stop) => AskAsync(parsed.GetRequiredValue(config), null, new(Subscribe: true), async (client, end) =>
        {
            while (await client.NextAsync(end) is { } line)
            {
                var peer = DoorClient.Read(line, DoorJson.Default.DoorPeer, out var error);
                if (Refused(error) is { } code) return code;
                if (peer is null) continue;
                if (parsed.GetValue(json)) Raw(line);
                else Console.Out.WriteLine(PeerPrint.Line(peer));
            }
            return Closed();
        }, stop));
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Print the agent's answers as they are, one JSON object a line." };

    /// <summary>Connects, asks, and lets <paramref name="read"/> have the answer; what can go wrong on the way has its exit code and its fix.</summary>
    private static async Task<int> AskAsync(string file, int? seconds, DoorRequest request, Func<DoorClient, CancellationToken, Task<int>> read, CancellationToken stop)
    {
        if (AgentCommand.Read(file, Console.Error) is not { } config) return ExitCode.Usage;
        if (request.Problem() is { } wrong)
        {
            Console.Error.WriteLine(wrong);
            return ExitCode.Usage;
        }
        var settings = config.Door;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (seconds is { } most) limit.CancelAfter(TimeSpan.FromSeconds(most));
        try
        {
            using var client = await DoorClient.ConnectAsync(settings, limit.Token);
            await client.AskAsync(request, limit.Token);
            return await read(client, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Console.Error.WriteLine($"No answer within {seconds} s. {(request.Examine is null ? "The agent is stuck; look at its journal." : "Give it more time with --timeout, or look at the journal of the other device.")}");
            return ExitCode.Timeout;
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            Console.Error.WriteLine($"This user may not ask the agent at {settings.Path}. Run as the agent's user or root, or give \"socket\" another mode.");
            return ExitCode.Failure;
        }
        catch (Exception failed) when (failed is SocketException or ArgumentException)
        {
            Console.Error.WriteLine($"No agent answers at {settings.Path}. Start one with: trustmesh-agent run --config {file}");
            return ExitCode.NotFound;
        }
        catch (JsonException)
        {
            Console.Error.WriteLine($"What answers at {settings.Path} is not a trustmesh-agent of this version. Look at \"socket\" in the configuration.");
            return ExitCode.Failure;
        }
    }

    private static int? Refused(string error)
    {
        if (error.Length == 0) return null;
        Console.Error.WriteLine(error);
        return ExitCode.Failure;
    }

    private static int Closed()
    {
        Console.Error.WriteLine("The agent closed the connection; it is stopping, or this command read too slowly. Try again.");
        return ExitCode.Failure;
    }

    private static void Raw(ReadOnlyMemory<byte> line) => Console.Out.WriteLine(Encoding.UTF8.GetString(line.Span));
}
