using System.Net;
using System.Net.Sockets;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// Somebody in the middle: terminates TLS towards the initiator as if it were the responder, and towards the responder as if it were the initiator, and
/// passes messages between them, changed or not. It knows everything about both connections that there is to know.
/// </summary>
public sealed class PeerRelay : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string responder;
    private readonly SessionKey asResponder, asInitiator;
    private readonly bool rewrites;
    private readonly MessageBudget budget = new(64 * 1024 * 1024);

    /// <param name="responder">Where the honest responder listens.</param>
    /// <param name="asResponder">The key it shows the initiator: its own, or a stolen one. Likewise <paramref name="asInitiator"/> to the responder.</param>
    /// <param name="rewrites">It writes the transcript that each end expects into the messages it passes on.</param>
    public PeerRelay(string responder, SessionKey asResponder, SessionKey asInitiator, bool rewrites)
    {
        (this.responder, this.asResponder, this.asInitiator, this.rewrites) = (responder, asResponder, asInitiator, rewrites);
        listener.Start();
        _ = AcceptAsync();
    }

    public string Address => listener.LocalEndpoint.ToString()!;

    /// <summary>The number of the last message of a handshake that was passed on, in the handshake that got furthest.</summary>
    public int Furthest { get; private set; }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = PassAsync(await listener.AcceptSocketAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket socket)
    {
        PeerAddress.TryParse(responder, out var host, out var port);
        await using var i = await PeerChannel.AcceptAsync(socket, asResponder, budget, TimeProvider.System, CancellationToken.None);
        await using var r = await PeerChannel.DialAsync(host, port, asInitiator, budget, TimeProvider.System, CancellationToken.None);
        var hellos = new List<ReadOnlyMemory<byte>>();
        try
        {
            for (var n = 1; n <= 5; n++)
            {
                var (from, to) = n % 2 == 1 ? (i, r) : (r, i);
                var message = await from.ReadAsync(Caps.PeerMessage, CancellationToken.None);
                if (n <= 2) hellos.Add(message);
                else if (rewrites && !PeerRefusal.Is(message.Span)) message = Rewritten(n, message, hellos, i, r);
                await to.WriteAsync(message, CancellationToken.None);
                Furthest = Math.Max(Furthest, n);
                if (PeerRefusal.Is(message.Span)) return;
            }
        }
        catch (PeerException)
        {
            // One of the two hung up: that is what the test is about.
        }
    }

    private static ReadOnlyMemory<byte> Rewritten(int n, ReadOnlyMemory<byte> message, List<ReadOnlyMemory<byte>> hellos, PeerChannel i, PeerChannel r)
    {
        var chosen = PeerHello.Decode(hellos[1]).Bindings[0];
        var transcript = n % 2 == 1
            ? PeerTranscript.Hash(hellos[0].Span, hellos[1].Span, r.Link.Session.SpkiHash, r.Link.TheirSpkiHash.Span, chosen, r.Link.ValueOf(chosen).Span)
            : PeerTranscript.Hash(hellos[0].Span, hellos[1].Span, i.Link.TheirSpkiHash.Span, i.Link.Session.SpkiHash, chosen, i.Link.ValueOf(chosen).Span);
        return n == 5 ? (PeerClose.Decode(message) with { Transcript = transcript }).Encode() : (PeerProof.Decode(message) with { Transcript = transcript }).Encode();
    }
}
