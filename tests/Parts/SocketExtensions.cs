using System.Net.Sockets;

namespace TrustMesh.Tests.Parts;

public static class SocketExtensions
{
    /// <summary>Fills the buffer, or throws because the other side closed.</summary>
    public static void ReceiveExactly(this Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var got = socket.Receive(into);
            if (got == 0) throw new EndOfStreamException();
            into = into[got..];
        }
    }
}
