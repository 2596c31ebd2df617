using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Agent.Identity;

namespace TrustMesh.Agent.Peers;

/// <summary>
/// One TLS connection to a peer with its messages: <c>u32 length ‖ bytes</c>, each way in turn. A message's room grows as its bytes arrive, never by
/// the length that was announced; each has 30 s (attack A42). One caller at a time.
/// </summary>
public sealed class PeerChannel : IAsyncDisposable
{
    public static readonly TimeSpan MessageDeadline = TimeSpan.FromSeconds(30), TlsDeadline = TimeSpan.FromSeconds(10), DialDeadline = TimeSpan.FromSeconds(5);

    private const int FirstRoom = 8 * 1024;

    private readonly SslStream stream;
    private readonly MessageBudget budget;
    private readonly TimeProvider time;
    private int taken;

    private PeerChannel(SslStream stream, SessionKey session, IPAddress remote, MessageBudget budget, TimeProvider time)
    {
        (this.stream, this.budget, this.time, Remote) = (stream, budget, time, remote);
        using var theirs = new X509Certificate2(stream.RemoteCertificate ?? throw new AuthenticationException("It sent no certificate."));
        Link = new(session, theirs.PublicKey.ExportSubjectPublicKeyInfo(), TlsFinished.Of(stream));
    }

    public PeerLink Link { get; }

    public IPAddress Remote { get; }

    /// <summary>Dials an address, <c>host:port</c>. Throws <see cref="PeerException"/>.</summary>
    public static async Task<PeerChannel> DialAsync(string host, int port, SessionKey session, MessageBudget budget, TimeProvider time, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            using (var limit = Limit.In(DialDeadline, time, stop)) await socket.ConnectAsync(host, port, limit.Token);
        }
        catch (Exception failed) when (failed is SocketException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            socket.Dispose();
            throw new PeerException($"{host}:{port} can not be reached: {(failed is SocketException ? failed.Message : $"no answer within {DialDeadline.TotalSeconds:0} s")}", failed);
        }
        return await OpenAsync(socket, session, budget, time, (stream, limit) => stream.AuthenticateAsClientAsync(PeerTls.Client(session), limit), stop);
    }

    /// <summary>The server's side of a connection that was accepted; the socket is the channel's from now on. Throws <see cref="PeerException"/>.</summary>
    public static Task<PeerChannel> AcceptAsync(Socket socket, SessionKey session, MessageBudget budget, TimeProvider time, CancellationToken stop)
        => OpenAsync(socket, session, budget, time, (stream, limit) => stream.AuthenticateAsServerAsync(PeerTls.Server(session), limit), stop);

    /// <summary>The next message, of at most <paramref name="cap"/> bytes. Throws <see cref="PeerException"/>.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int cap, CancellationToken stop)
    {
        using var limit = Limit.In(MessageDeadline, time, stop);
        try
        {
            var header = new byte[4];
            await stream.ReadExactlyAsync(header, limit.Token);
            var length = BinaryPrimitives.ReadUInt32BigEndian(header);
            if (length == 0 || length > cap) throw new PeerException($"it announced a message of {length} bytes; 1 to {cap} are allowed here");
            return await FillAsync((int)length, limit.Token);
        }
        catch (Exception failed) when (failed is IOException or SocketException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new PeerException(failed is OperationCanceledException ? $"it sent no message within {MessageDeadline.TotalSeconds:0} s" : $"the connection ended: {failed.Message}", failed);
        }
    }

    /// <summary>Sends a message. Throws <see cref="PeerException"/>.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> message, CancellationToken stop)
    {
        using var limit = Limit.In(MessageDeadline, time, stop);
        var frame = new byte[4 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)message.Length);
        message.CopyTo(frame.AsMemory(4));
        try
        {
            await stream.WriteAsync(frame, limit.Token);
        }
        catch (Exception failed) when (failed is IOException or SocketException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            throw new PeerException($"the connection ended: {failed.Message}", failed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        budget.GiveBack(Interlocked.Exchange(ref taken, 0));
        await stream.DisposeAsync();
    }

    private static async Task<PeerChannel> OpenAsync(Socket socket, SessionKey session, MessageBudget budget, TimeProvider time, Func<SslStream, CancellationToken, Task> handshake, CancellationToken stop)
    {
        SslStream? stream = null;
        try
        {
            var remote = ((IPEndPoint)socket.RemoteEndPoint!).Address;
            stream = new(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
            using var limit = Limit.In(TlsDeadline, time, stop);
            await handshake(stream, limit.Token);
            return new(stream, session, remote.Plain(), budget, time);
        }
        catch (Exception failed) when (failed is IOException or SocketException or AuthenticationException || failed is OperationCanceledException && !stop.IsCancellationRequested)
        {
            Drop(stream, socket);
            throw new PeerException(failed is OperationCanceledException ? $"no TLS handshake within {TlsDeadline.TotalSeconds:0} s" : $"no TLS 1.3 with certificates on both sides: {failed.GetBaseException().Message}", failed);
        }
        catch
        {
            Drop(stream, socket);
            throw;
        }
    }

    private static void Drop(SslStream? stream, Socket socket)
    {
        stream?.Dispose();
        socket.Dispose();
    }

    private async Task<ReadOnlyMemory<byte>> FillAsync(int length, CancellationToken limit)
    {
        var bytes = new byte[Math.Min(length, FirstRoom)];
        for (var at = 0; at < length;)
        {
            if (at == bytes.Length)
            {
                var room = Math.Min(length, bytes.Length * 2);
                if (!budget.TryTake(room - bytes.Length)) throw new PeerException("too many large messages arrive at once");
                taken += room - bytes.Length;
                Array.Resize(ref bytes, room);
            }
            var read = await stream.ReadAsync(bytes.AsMemory(at), limit);
            if (read == 0) throw new PeerException($"the connection ended after {at} bytes of a message of {length}");
            at += read;
        }
        return bytes;
    }
}
