using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Configuration;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Agent.Door;

/// <summary>
/// The socket on which applications ask their own agent: may I talk to this peer? DOOR.md has the protocol. It only tells; the one thing it does is have
/// a peer examined, which may be asked for seldom because it costs the root of trust a signature (attack A42).
/// </summary>
/// <param name="examine">Examines a peer at an address, name or id now and returns what is known of it then. May throw; an <see cref="IOException"/>
/// carries a sentence for people.</param>
public sealed class AgentDoor(DoorSettings settings, PeerBook book, Func<string, CancellationToken, Task<KnownPeer>> examine, TimeProvider time, ILogger log, DoorLimits? limits = null)
{
    private static readonly TimeSpan AcceptAgain = TimeSpan.FromSeconds(1);

    private readonly DoorLimits limits = limits ?? DoorLimits.Usual;
    private readonly Lock gate = new();
    private readonly HashSet<Task> open = [];
    private readonly Dictionary<uint, int> users = [];

    /// <summary>Answers until it is stopped; the socket is gone then. Throws <see cref="IOException"/>, with a sentence that names the fix, where there can be no socket.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var listener = DoorSocket.Open(settings);
        using var news = new PeerNews(book, time);
        using var examinations = new Examinations(examine, limits, time, log);
        log.DoorOpen(settings.Path);
        while (await AcceptAsync(listener, stop) is { } socket) Take(socket, news, examinations, stop);
        Task[] left;
        lock (gate) left = [.. open];
        await Task.WhenAll(left);
    }

    /// <summary>Null when it is stopped. A machine that has run out of descriptors is tried again.</summary>
    private async Task<Socket?> AcceptAsync(Socket listener, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                return await listener.AcceptAsync(stop);
            }
            catch (SocketException failed)
            {
                log.AcceptFailed(failed.Message);
                await Task.Delay(AcceptAgain, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return null;
            }
        }
        return null;
    }

    private void Take(Socket socket, PeerNews news, Examinations examinations, CancellationToken stop)
    {
        var user = DoorSocket.UserOf(socket);
        lock (gate)
        {
            var refusal = open.Count >= limits.Connections ? $"{limits.Connections} applications are connected already; try again later."
                : user != 0 && user != Files.Posix.User && users.GetValueOrDefault(user) >= limits.ConnectionsOfUser ? $"This user has {limits.ConnectionsOfUser} connections already; close one."
                : null;
            if (refusal is not null)
            {
                log.TurnedAway(user, refusal);
                Refuse(socket, refusal);
                return;
            }
            users[user] = users.GetValueOrDefault(user) + 1;
            var task = ServeAsync(new(socket, user, book, news, examinations, limits, time, log, () => open.Count), user, stop);
            open.Add(task);
            _ = ForgetAsync(task, user);
        }
    }

    private async Task ServeAsync(DoorConnection connection, uint user, CancellationToken stop)
    {
        // Not on the thread that takes connections.
        await Task.Yield();
        using (connection)
        {
            try
            {
                await connection.ServeAsync(stop);
            }
            catch (SocketException)
            {
                // The application went away in the middle of an answer, as applications do.
            }
            catch (OperationCanceledException)
            {
                if (!stop.IsCancellationRequested) log.SlowReader(user);
            }
        }
    }

    private async Task ForgetAsync(Task task, uint user)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (task.Exception is { } mistake) log.ConnectionFailed(mistake.InnerException!.Message);
        lock (gate)
        {
            open.Remove(task);
            if (--users[user] == 0) users.Remove(user);
        }
    }

    /// <summary>The line fits into a fresh socket's buffer; whoever does not read it loses it.</summary>
    private static void Refuse(Socket socket, string reason)
    {
        using (socket)
        {
            try
            {
                socket.Blocking = false;
                socket.Send(DoorJson.Error(reason));
            }
            catch (SocketException)
            {
                // Gone already.
            }
        }
    }
}
