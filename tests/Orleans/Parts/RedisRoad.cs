using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace TrustMesh.Tests.Orleans.Parts;

/// <summary>
/// A <see cref="FaultyRoad"/> to a Redis. Many commands are under way on one connection and their answers come in the same order, so an answer that is lost is lost
/// with all behind it: the connection breaks there.
/// </summary>
internal sealed class RedisRoad(int to) : FaultyRoad(NewSocket(), 0, NewSocket, to)
{
    private const int WordsTold = 5, LongestTold = 200;
    private static readonly byte[] Ping = "*1\r\n$4\r\nPING\r\n"u8.ToArray(), No = "-ERR not today\r\n"u8.ToArray();

    protected override Task TalkAsync(Socket client, Socket server)
    {
        var answers = new ConcurrentQueue<RoadFault?>();
        return Task.WhenAny(UpAsync(client, server, answers), DownAsync(server, client, answers)).Unwrap();
    }

    private async Task UpAsync(Socket client, Socket server, ConcurrentQueue<RoadFault?> answers)
    {
        var waiting = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (await client.ReceiveAsync(buffer) is > 0 and var count)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay);
            if (IsCut) return;
            waiting.AddRange(buffer.AsSpan(0, count));
            foreach (var command in Whole(waiting))
            {
                var fault = Meet(Words(command))?.Kind;
                answers.Enqueue(fault);
                // It does not arrive; something that changes nothing goes in its place, so that answers keep their order.
                await SendAsync(server, fault == RoadFault.Failed ? Ping : command);
            }
        }
    }

    private async Task DownAsync(Socket server, Socket client, ConcurrentQueue<RoadFault?> answers)
    {
        var waiting = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (await server.ReceiveAsync(buffer) is > 0 and var count)
        {
            waiting.AddRange(buffer.AsSpan(0, count));
            foreach (var answer in Whole(waiting))
            {
                answers.TryDequeue(out var fault);
                if (IsCut || fault == RoadFault.AnswerLost) return;
                await SendAsync(client, fault is null ? answer : No);
            }
        }
    }

    /// <summary>The values that are whole, taken out of what came.</summary>
    private static List<byte[]> Whole(List<byte> came)
    {
        var values = new List<byte[]>();
        var bytes = came.ToArray().AsSpan();
        while (RespValue.Length(bytes) is > 0 and var length)
        {
            values.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }
        came.RemoveRange(0, came.Count - bytes.Length);
        return values;
    }

    /// <summary>The first words of a command, such as EVALSHA, the script's digest, and the key.</summary>
    private static string Words(byte[] command)
        => string.Join(' ', Encoding.Latin1.GetString(command).Split("\r\n").Where((_, line) => line > 0 && line % 2 == 0).Take(WordsTold).Select(word => word[..Math.Min(word.Length, LongestTold)]));
}
