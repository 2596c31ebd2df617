using TrustMesh.Wire.Cbor;

namespace TrustMesh.Wire.Messages;

public sealed partial record AttestationResult
{
    private void WriteAppraisal(ref StrictCborWriter writer)
    {
        writer.WriteMap(3);
        writer.WriteKey(1000);
        writer.WriteEnum("status", Status);
        writer.WriteKey(1001);
        TrustClaims.Write(ref writer, Vector);
        writer.WriteKey(1003);
        writer.WriteArray(1);
        writer.WriteText("policy id", PolicyId);
    }

    private static (TrustTier Status, IReadOnlyDictionary<int, int> Vector, string Policy) ReadAppraisal(ref StrictCborReader reader)
    {
        var submodules = reader.ReadMap("submods", 1);
        reader.Key(ref submodules, Submodule, Submodule);
        var map = reader.ReadMap("appraisal", 3);
        reader.Key(ref map, 1000, "status");
        var status = reader.ReadEnum<TrustTier>("status");
        reader.Key(ref map, 1001, "vector");
        var vector = TrustClaims.Read(ref reader);
        reader.Key(ref map, 1003, "policy ids");
        reader.ReadArray("policy ids", 1);
        var policy = reader.ReadText("policy id");
        reader.EndMap(ref map);
        reader.EndMap(ref submodules);
        return (status, vector, policy);
    }

    private void WriteDetail(ref StrictCborWriter writer)
    {
        writer.WriteMap(7);
        writer.WriteKey(1);
        writer.WriteDeviceId(Device);
        writer.WriteKey(2);
        writer.WriteEnum("tier", Tier);
        writer.WriteKey(3);
        writer.WriteBytes("evidence digest", EvidenceDigest, Caps.Hash);
        writer.WriteKey(4);
        writer.WriteInt64("policy serial", PolicySerial);
        writer.WriteKey(5);
        writer.WriteInt64("reference serial", ReferenceSerial);
        writer.WriteKey(6);
        writer.WriteUInt("boot", Boot);
        writer.WriteKey(7);
        Findings.Write(ref writer, Because, Caps.FindingCount);
    }

    /// <summary>The fields of claim -70030; the others are the caller's to fill in.</summary>
    private static AttestationResult ReadDetail(ref StrictCborReader reader)
    {
        var map = reader.ReadMap("detail", 7);
        reader.Key(ref map, 1, "ueid");
        var device = reader.ReadDeviceId("ueid");
        reader.Key(ref map, 2, "tier");
        var tier = reader.ReadEnum<AssuranceTier>("tier");
        reader.Key(ref map, 3, "evidence digest");
        var evidence = reader.ReadBytes("evidence digest", Caps.Hash);
        reader.Key(ref map, 4, "policy serial");
        var policySerial = reader.ReadInt64("policy serial");
        reader.Key(ref map, 5, "reference serial");
        var referenceSerial = reader.ReadInt64("reference serial");
        reader.Key(ref map, 6, "boot");
        var boot = (uint)reader.ReadUInt("boot", uint.MaxValue);
        reader.Key(ref map, 7, "findings");
        var findings = Findings.Read(ref reader, Caps.FindingCount);
        reader.EndMap(ref map);
        return new(device, tier, TrustTier.None, new SortedDictionary<int, int>(), "", policySerial, referenceSerial, boot, default, default, evidence, findings, 0, 0);
    }
}
