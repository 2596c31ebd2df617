using System.Net.Sockets;

namespace TrustMesh.Agent.Door;

/// <summary>Cuts a stream into lines, however it arrives; one buffer, never grown (attack A42).</summary>
/// <param name="longest">Bytes of a line without its end.</param>
internal sealed class DoorLines(Socket socket, int longest)
{
    private readonly byte[] buffer = new byte[longest + 1];
    private int start, end;

    /// <summary>The stream held a longer line; it can not be read on.</summary>
    public bool TooLong { get; private set; }

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream or at a line that is too long. What follows
    /// the last line end is no line. Throws <see cref="SocketException"/>.</summary>
    public async Task<ReadOnlyMemory<byte>?> NextAsync(CancellationToken stop)
    {
        for (var scanned = start; ;)
        {
            var at = buffer.AsSpan(scanned, end - scanned).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsMemory(start, scanned + at - start);
                start = scanned + at + 1;
                return line;
            }
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }
            if (end == buffer.Length)
            {
                TooLong = true;
                return null;
            }
            scanned = end;
            var got = await socket.ReceiveAsync(buffer.AsMemory(end), stop);
            if (got == 0) return null;
            end += got;
        }
    }
}
