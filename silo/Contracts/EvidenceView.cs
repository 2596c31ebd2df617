namespace TrustMesh.Contracts;

/// <summary>The evidence behind a device's last verdict, taken apart for people. What it proves is in the bundle, for whoever checks it.</summary>
/// <param name="Policy">Number of the policy it was judged by.</param>
/// <param name="References">Number of the reference values; 0 without any.</param>
/// <param name="Bytes">Size of the evidence as it came.</param>
/// <param name="Digest">SHA-256 of it, hex.</param>
public sealed record EvidenceView(DateTimeOffset AcceptedAt, long Policy, long References, int Bytes, string Digest, IReadOnlyList<EvidencePart> Parts);
