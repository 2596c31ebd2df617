namespace TrustMesh.Agent.Configuration;

/// <summary>Whether the kernel keeps out whom this device has not accepted.</summary>
/// <param name="Mode">One of <see cref="Modes"/>. With <see cref="Nftables"/> an agent that can not close the doors does not start.</param>
/// <param name="Allow">Who may talk to this device without being a peer.</param>
public sealed record AdmissionSettings(string Mode, IReadOnlyList<AllowRule> Allow)
{
    public const string Off = "off", Nftables = "nftables";

    /// <summary>Most entries of <see cref="Allow"/>; each becomes rules every packet may have to pass.</summary>
    public const int MostRules = 256;

    public static IReadOnlyList<string> Modes { get; } = [Off, Nftables];

    public static AdmissionSettings None { get; } = new(Off, []);
}
