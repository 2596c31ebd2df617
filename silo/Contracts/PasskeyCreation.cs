namespace TrustMesh.Contracts;

/// <summary>What an authenticator is asked to make (WebAuthn 3, 5.4). Bytes are base64url.</summary>
/// <param name="Challenge">For one ceremony of this browser at this origin.</param>
/// <param name="RpName">The mesh.</param>
/// <param name="UserHandle">Random; says nothing about the person.</param>
/// <param name="Algorithms">COSE numbers, the best first.</param>
/// <param name="Exclude">Credentials the person has already.</param>
public sealed record PasskeyCreation(
    string Challenge, string RpId, string RpName, string UserHandle, string UserName, IReadOnlyList<int> Algorithms, IReadOnlyList<string> Exclude, int Seconds);
