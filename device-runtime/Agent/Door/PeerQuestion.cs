using System.Net;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;

namespace TrustMesh.Agent.Door;

/// <summary>
/// Which peer an application means that is about to talk to somebody. Stricter than <see cref="PeerBook.Find(string)"/>, which people use: an address
/// means the one device that proved itself <b>from it</b>. What a device merely says of itself, the addresses where it listens or a name that looks like an
/// address, speaks for no address: else any accepted device could vouch for a stranger's (attacks A34, A44).
/// </summary>
internal static class PeerQuestion
{
    public static KnownPeer? Find(PeerBook book, string text)
    {
        if (DeviceId.TryParse(text, out var id)) return book.Find(id);
        // Whatever the system's resolver would take for an address, such as 10.5, is one here.
        var address = IPAddress.TryParse(text, out var bare) ? bare : IPEndPoint.TryParse(text, out var endpoint) ? endpoint.Address : null;
        var found = (address is null
            ? book.All.Where(peer => peer.Name == text || peer.Device.Short == text)
            : book.All.Where(peer => peer.SeenAt is { } seen && seen.Plain().Equals(address.Plain()))).Take(2).ToList();
        return found.Count == 1 ? found[0] : null;
    }

}
