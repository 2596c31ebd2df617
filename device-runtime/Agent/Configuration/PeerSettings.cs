using System.Net;

namespace TrustMesh.Agent.Configuration;

/// <summary>Where this device meets its peers. Without these settings the device neither listens nor examines.</summary>
/// <param name="Listen">Address and port; an unspecified address (0.0.0.0, ::) listens on all of the device's. Null: it examines others, and is examined
/// on the connections it dials.</param>
/// <param name="Addresses">Where peers are told to find it, <c>host:port</c>, at most 4; none if nobody could say.</param>
public sealed record PeerSettings(IPEndPoint? Listen, IReadOnlyList<string> Addresses);
