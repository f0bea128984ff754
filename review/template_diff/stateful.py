"""The resource types that hold data: what is lost when one of them is replaced or destroyed."""

from typing import Final

STATEFUL: Final = {
    "AWS::Backup::BackupVault": "backup vault",
    "AWS::CloudFront::KeyValueStore": "key value store",
    "AWS::Cognito::UserPool": "user pool",
    "AWS::DocDB::DBCluster": "database",
    "AWS::DynamoDB::GlobalTable": "table",
    "AWS::DynamoDB::Table": "table",
    "AWS::EC2::Volume": "volume",
    "AWS::ECR::Repository": "image repository",
    "AWS::EFS::FileSystem": "file system",
    "AWS::ElastiCache::CacheCluster": "cache",
    "AWS::ElastiCache::GlobalReplicationGroup": "cache",
    "AWS::ElastiCache::ReplicationGroup": "cache",
    "AWS::ElastiCache::ServerlessCache": "cache",
    "AWS::FSx::FileSystem": "file system",
    "AWS::Kinesis::Stream": "stream",
    "AWS::KMS::Key": "key",
    "AWS::KMS::ReplicaKey": "key",
    "AWS::Logs::LogGroup": "log group",
    "AWS::MSK::Cluster": "message cluster",
    "AWS::MemoryDB::Cluster": "database",
    "AWS::Neptune::DBCluster": "database",
    "AWS::OpenSearchService::Domain": "search domain",
    "AWS::RDS::DBCluster": "database",
    "AWS::RDS::DBInstance": "database",
    "AWS::RDS::GlobalCluster": "database",
    "AWS::Redshift::Cluster": "database",
    "AWS::Route53::HostedZone": "hosted zone",
    "AWS::S3::Bucket": "bucket",
    "AWS::SQS::Queue": "queue",
    "AWS::SecretsManager::Secret": "secret",
}
"""Type -> what it is in a word. A key holds none by itself, but what it encrypted cannot be read without it."""
