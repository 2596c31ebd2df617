using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Agent.Door;

/// <summary>One application's connection: questions are answered one after another, in the order they came. Throws <see cref="SocketException"/> when the
/// application goes away, <see cref="OperationCanceledException"/> when it does not read.</summary>
internal sealed class DoorConnection(
    Socket socket, uint user, PeerBook book, PeerNews news, Examinations examinations, DoorLimits limits, TimeProvider time, ILogger log, Func<int> connections) : IDisposable
{
    private readonly DoorLines lines = new(socket, DoorRequest.LongestLine);
    private readonly Allowance allowance = new(limits.Requests, limits.Requests, time);

    public async Task ServeAsync(CancellationToken stop)
    {
        while (await lines.NextAsync(stop) is { } line)
        {
            // Who asks too fast is read more slowly, and so writes more slowly.
            while (!allowance.Take(out var wait)) await Task.Delay(wait, time, stop);
            var request = Read(line.Span, out var problem);
            if (request is null) await SendAsync(DoorJson.Error(problem), stop);
            else if (request.Subscribe is not null)
            {
                await SubscribeAsync(stop);
                return;
            }
            else await AnswerAsync(request, stop);
        }
        if (lines.TooLong) await SendAsync(DoorJson.Error($"A line has more than {DoorRequest.LongestLine} bytes."), stop);
    }

    public void Dispose() => socket.Dispose();

    private static DoorRequest? Read(ReadOnlySpan<byte> line, out string problem)
    {
        try
        {
            var request = JsonSerializer.Deserialize(line, DoorJson.Default.DoorRequest);
            problem = request is null ? "A line is one JSON object." : request.Problem() ?? "";
            return problem.Length == 0 ? request : null;
        }
        catch (JsonException)
        {
            // The parser's own words quote the line; they help nobody more than this does.
            problem = "A line is one JSON object with one member: ask, show, list, subscribe, examine or status.";
            return null;
        }
    }

    private async Task AnswerAsync(DoorRequest request, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        switch (request)
        {
            case { Ask: { } asked }:
                await SendAsync(DoorJson.Line(PeerQuestion.Find(book, asked) is { } peer ? DoorWords.Peer(peer, now) : DoorWords.Unknown(asked), DoorJson.Default.DoorPeer), stop);
                break;
            case { Show: { } asked }:
                await SendAsync(DoorJson.Line(book.Find(asked) is { } known ? DoorWords.Detail(known, now) : DoorWords.UnknownDetail(asked), DoorJson.Default.DoorDetail), stop);
                break;
            case { List: true }:
                foreach (var one in book.All) await SendAsync(DoorJson.Line(DoorWords.Peer(one, time.GetUtcNow()), DoorJson.Default.DoorPeer), stop);
                await SendAsync(DoorJson.Line(new(true), DoorJson.Default.DoorEnd), stop);
                break;
            case { Examine: { } host }:
                await SendAsync(await examinations.ExamineAsync(host, user, stop), stop);
                break;
            default:
                var all = book.All;
                await SendAsync(DoorJson.Line(new(all.Count, all.Count(one => one.IsAccepted(now)), connections(), news.Readers, DoorWords.Time(now)!), DoorJson.Default.DoorStatus), stop);
                break;
        }
    }

    /// <summary>From here on the connection carries changes; it ends when the application closes it, or says anything more.</summary>
    private async Task SubscribeAsync(CancellationToken stop)
    {
        var channel = news.Subscribe(limits.Waiting);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var input = lines.NextAsync(end.Token);
        try
        {
            while (true)
            {
                var more = channel.Reader.WaitToReadAsync(end.Token).AsTask();
                if (await Task.WhenAny(more, input) == input)
                {
                    if (await input is not null || lines.TooLong) await SendAsync(DoorJson.Error("A connection that subscribed carries changes only; ask on another one."), stop);
                    return;
                }
                if (!await more)
                {
                    log.SlowReader(user);
                    return;
                }
                while (channel.Reader.TryRead(out var line)) await SendAsync(line, stop);
            }
        }
        finally
        {
            news.Unsubscribe(channel);
            await end.CancelAsync();
            // The buffer must not be written to when the socket is closed.
            await ((Task)input).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(limits.Write, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        while (!bytes.IsEmpty) bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, either.Token)..];
    }
}
