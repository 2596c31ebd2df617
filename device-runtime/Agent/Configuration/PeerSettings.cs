using System.Net;

namespace TrustMesh.Agent.Configuration;

/// <summary>Whether and where this device listens for its peers.</summary>
/// <param name="Listen">Null: it examines others and is examined only on connections it dials.</param>
/// <param name="Addresses">Where others reach it, <c>host:port</c>, at most 4; told to the silo.</param>
public sealed record PeerSettings(IPEndPoint? Listen, IReadOnlyList<string> Addresses);
