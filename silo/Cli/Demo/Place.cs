using System.Net;

namespace TrustMesh.Cli.Demo;

/// <summary>Where one device is.</summary>
/// <param name="Peers">What its listener for other devices listens on, and what they dial.</param>
/// <param name="Namespace">Its network namespace; null where it shares the machine's.</param>
internal sealed record Place(IPEndPoint Peers, string? Namespace)
{
    /// <summary>The port of every device of a demo: each has an address of its own.</summary>
    public const int PeerPort = 7444;

    /// <summary>What stands before a command that is to run there.</summary>
    public IReadOnlyList<string> Enter => Namespace is null ? [] : [Tool.Find("ip"), "netns", "exec", Namespace];
}
