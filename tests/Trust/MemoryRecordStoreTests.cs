using TrustMesh.Trust.Records;

namespace TrustMesh.Tests.Trust;

public sealed class MemoryRecordStoreTests : RecordStoreConformance
{
    protected override IRecordStore Store { get; } = new MemoryRecordStore();
}
