namespace TrustMesh.Contracts;

/// <summary>An earlier membership that the same hardware, or another device of the same name, has or had.</summary>
/// <param name="How">root: the same endorsement or identity key; key: the same attestation key; token: the same PKCS#11 token; name: only the same name.</param>
/// <param name="Device">Whose membership.</param>
/// <param name="Standing">Of that device now; for root, what happened: enrolled, approved, suspended, resumed, revoked.</param>
/// <param name="By">Who let it in, or who decided.</param>
public sealed record SeenBefore(string How, string Device, string Name, string Site, string Standing, DateTimeOffset At, string By);
