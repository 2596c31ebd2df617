using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Roots.Tpm;

/// <summary>A software TPM behind a socket that carries the bare command stream, as swtpm does (no simulator framing).</summary>
public sealed class SocketChannel : ITpmChannel
{
    private readonly Socket socket;

    private SocketChannel(string address, Socket socket)
    {
        Address = address;
        this.socket = socket;
    }

    public string Address { get; }

    public bool IsManaged => false;

    public bool IsSimulated => true;

    internal static SocketChannel Open(string address, EndPoint end)
    {
        var socket = new Socket(end.AddressFamily, SocketType.Stream, end is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        try
        {
            socket.Connect(end);
            if (end is IPEndPoint) socket.NoDelay = true;
            return new(address, socket);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RootException($"No software TPM answers at {address} ({e.SocketErrorCode}). Start swtpm there, or name another TPM in the settings.", e);
        }
    }

    public byte[] Exchange(ReadOnlySpan<byte> command, TimeSpan deadline)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            for (var sent = 0; sent < command.Length;)
            {
                socket.SendTimeout = Left(started, deadline);
                sent += socket.Send(command[sent..]);
            }
            Span<byte> header = stackalloc byte[TpmResponse.HeaderSize];
            Receive(header, started, deadline);
            var size = BinaryPrimitives.ReadUInt32BigEndian(header[2..]);
            // The size is the TPM's word: capped before anything is allocated.
            if (size is < TpmResponse.HeaderSize or > TpmResponse.MaxSize) throw new IOException($"{Address} announced an answer of {size} bytes.");
            var answer = new byte[size];
            header.CopyTo(answer);
            Receive(answer.AsSpan(header.Length), started, deadline);
            return answer;
        }
        catch (SocketException e)
        {
            throw new IOException($"{Address}: {(e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock ? TooLate(deadline) : e.Message)}", e);
        }
    }

    public void Dispose() => socket.Dispose();

    private void Receive(Span<byte> into, long started, TimeSpan deadline)
    {
        while (!into.IsEmpty)
        {
            socket.ReceiveTimeout = Left(started, deadline);
            var got = socket.Receive(into);
            if (got == 0) throw new IOException($"{Address} closed the connection.");
            into = into[got..];
        }
    }

    private int Left(long started, TimeSpan deadline)
    {
        var left = deadline - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero ? (int)Math.Ceiling(left.TotalMilliseconds) : throw new IOException($"{Address}: {TooLate(deadline)}");
    }

    private static string TooLate(TimeSpan deadline) => $"no answer within {deadline.TotalSeconds:0} s; another program may hold it.";
}
